// A framework in twenty lines: it holds the state, and whatever view and model it was given last.
export function createApp(root = document.querySelector('#app')) {
  let view;
  let model;
  let state;

  const app = {
    setView(next) {
      view = next;
    },
    setModel(next) {
      model = next;
      state ??= model.initial();
    },
    send(message) {
      state = model.update(state, message);
      app.render();
    },
    render() {
      root.replaceChildren(...view.draw(state, app.send));
    },
  };
  return app;
}
