// Runs cases with Node's own loader, in a child process: the test process imports through tsx, whose hooks would stand between the
// case and the engine. Plain JavaScript for the same reason. Takes one case after the other over IPC; the recorder comes as source
// text in the first message, since it is TypeScript.
import vm from 'node:vm';

let recorderSource = '';

async function run({ entries, waitsForDone }) {
  const recorder = vm.runInThisContext(recorderSource);
  for (const entry of entries) {
    try {
      await import(entry);
    } catch (error) {
      recorder.fail('error', error);
    }
  }
  if (waitsForDone) await recorder.settled;
  // What the last line of a case queued belongs to it.
  setImmediate(() => process.send({ lines: recorder.lines, uncaught: recorder.uncaught }));
}

process.on('message', (message) => {
  if (typeof message === 'string') recorderSource = message;
  else void run(message);
});
