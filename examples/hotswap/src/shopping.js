import Backbone from 'backbone';

const Item = Backbone.Model.extend({
  defaults: { name: '', count: 1 },

  label() {
    return `${this.get('count')} × ${this.get('name')}`;
  },
});

const Items = Backbone.Collection.extend({
  model: Item,

  total() {
    return this.reduce((sum, item) => sum + item.get('count'), 0);
  },
});

const ItemView = Backbone.View.extend({
  tagName: 'li',
  events: { 'click .more': 'onMore' },

  initialize() {
    this.listenTo(this.model, 'change', this.render);
  },

  onMore() {
    this.model.set('count', this.model.get('count') + 1);
  },

  render() {
    this.$el.html('<span class="label"></span><button class="more">one more</button>');
    this.$('.label').text(this.model.label());
    return this;
  },
});

const ListView = Backbone.View.extend({
  events: { 'submit form': 'onSubmit' },

  initialize() {
    this.$el.html('<h2></h2><ul></ul><form><input aria-label="What else" placeholder="What else?" /></form>');
    this.views = [];
    this.listenTo(this.collection, 'add', this.onAdd);
    this.listenTo(this.collection, 'change', this.renderTitle);
  },

  onAdd(model) {
    const view = new ItemView({ model });
    this.views.push(view);
    this.$('ul').append(view.render().el);
    this.renderTitle();
  },

  onSubmit(event) {
    event.preventDefault();
    const input = this.$('input');
    if (input.val()) this.collection.add({ name: input.val() });
    input.val('');
  },

  renderTitle() {
    this.$('h2').text(`Shopping: ${this.collection.total()}`);
  },

  render() {
    this.renderTitle();
    for (const view of this.views) view.render();
    return this;
  },
});

export function open(el) {
  const view = new ListView({ el, collection: new Items() });
  view.collection.add([{ name: 'Bread' }, { name: 'Milk', count: 2 }]);
  return view;
}
