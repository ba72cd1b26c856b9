import { useState } from 'react';
import { AddThing } from './AddThing';
import { Thing } from './Thing';
import { usePacking } from './use-packing';

export function App() {
  const { things, add, toggle } = usePacking(['Tent', 'Map', 'Torch', 'Chocolate']);
  const [isShort, setShort] = useState(false);
  const packed = things.filter((thing) => thing.isPacked).length;
  return (
    <>
      <h1>Packing for the hut</h1>
      <progress value={packed} max={things.length} />
      <p className="summary">
        {packed} of {things.length} packed
      </p>
      <ul>
        {things
          .filter((thing) => !isShort || !thing.isPacked)
          .map((thing) => (
            <Thing key={thing.name} {...thing} onToggle={() => toggle(thing.name)} />
          ))}
      </ul>
      <AddThing onAdd={add} />
      <label className="filter">
        <input type="checkbox" checked={isShort} onChange={() => setShort(!isShort)} /> only what is missing
      </label>
    </>
  );
}
