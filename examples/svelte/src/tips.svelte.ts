/** What all guests gave: of the app, and so kept when a component is replaced. */
export const tips = $state({ total: 0 });
