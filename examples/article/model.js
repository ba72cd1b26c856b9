// What the program knows and how that changes.
export const initial = () => ({ guests: ['Ada', 'Alan'] });

const names = ['Grace', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Ken'];

export function update(state, message) {
  if (message === 'invite') {
    const next = names[(state.guests.length - 2) % names.length];
    return { guests: [...state.guests, next] };
  }
  return state;
}
