// How it looks: from a state to the nodes of the page.
const greeting = 'Welcome';

export function draw({ guests }, send) {
  const heading = document.createElement('h1');
  heading.textContent = `${greeting}, ${guests.length} guests`;

  const list = document.createElement('ul');
  for (const guest of guests) list.appendChild(document.createElement('li')).textContent = guest;

  const button = document.createElement('button');
  button.textContent = 'Invite one more';
  button.onclick = () => send('invite');

  return [heading, list, button];
}
