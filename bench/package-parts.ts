/**
 * The parts of the app of packages: what people install most, and one package of every form that npm has. Each part really uses its package,
 * and shows a text that no other value than the right one gives. Versions are exact, so that runs of different days load the same code.
 */
export interface Part {
  readonly packages: Readonly<Record<string, string>>;
  readonly imports: string;
  /** Statements of a function with the parameter `place`, an empty element. */
  readonly body: string;
  /** What the element then holds, sooner or later. */
  readonly text: string;
}

const REACT = { react: '19.3.1', 'react-dom': '19.3.1' };
const REACT_IMPORTS = `import { createElement as h } from 'react'; import { createRoot } from 'react-dom/client';`;

export const PARTS: Readonly<Record<string, Part>> = {
  react: {
    packages: REACT,
    imports: `import React, { useEffect, useState } from 'react'; import { createRoot } from 'react-dom/client';`,
    body: `
      const Counter = () => {
        const [count, setCount] = useState(1);
        useEffect(() => setCount(42), []);
        return React.createElement('b', null, 'count ', count);
      };
      createRoot(place).render(React.createElement(Counter));`,
    text: 'count 42',
  },
  'react-router': {
    packages: { ...REACT, 'react-router': '7.18.5' },
    imports: `${REACT_IMPORTS} import { MemoryRouter, Route, Routes, useParams } from 'react-router';`,
    body: `
      const User = () => h('b', null, 'user ', useParams().id);
      const routes = h(Routes, null, h(Route, { path: '/users/:id', element: h(User) }));
      createRoot(place).render(h(MemoryRouter, { initialEntries: ['/users/7'] }, routes));`,
    text: 'user 7',
  },
  mui: {
    packages: { ...REACT, '@mui/material': '9.5.0', '@emotion/react': '11.14.0', '@emotion/styled': '11.14.1' },
    imports: `${REACT_IMPORTS} import { Button, Stack, ThemeProvider, createTheme } from '@mui/material'; import Chip from '@mui/material/Chip';`,
    body: `
      const theme = createTheme({ palette: { primary: { main: '#223344' } } });
      const stack = h(Stack, { direction: 'row' }, h(Button, { variant: 'contained' }, 'button'), h(Chip, { label: ' and chip' }));
      createRoot(place).render(h(ThemeProvider, { theme }, stack));`,
    text: 'button and chip',
  },
  'react-query': {
    packages: { ...REACT, '@tanstack/react-query': '5.108.0' },
    imports: `${REACT_IMPORTS} import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';`,
    body: `
      const Answer = () => h('b', null, useQuery({ queryKey: ['answer'], queryFn: () => Promise.resolve('answered') }).data ?? 'asked');
      createRoot(place).render(h(QueryClientProvider, { client: new QueryClient() }, h(Answer)));`,
    text: 'answered',
  },
  zustand: {
    packages: { ...REACT, zustand: '5.1.0' },
    imports: `${REACT_IMPORTS} import { create } from 'zustand';`,
    body: `
      const useBears = create(() => ({ bears: 2 }));
      createRoot(place).render(h(() => h('b', null, 'bears ', useBears((state) => state.bears))));
      useBears.setState({ bears: 3 });`,
    text: 'bears 3',
  },
  three: {
    packages: { three: '0.187.0' },
    imports: `import * as THREE from 'three'; import { OrbitControls } from 'three/addons/controls/OrbitControls.js';`,
    body: `
      const scene = new THREE.Scene();
      scene.add(new THREE.Mesh(new THREE.BoxGeometry(1, 2, 3), new THREE.MeshBasicMaterial({ color: 0x336699 })));
      const size = new THREE.Box3().setFromObject(scene).getSize(new THREE.Vector3());
      const controls = new OrbitControls(new THREE.PerspectiveCamera(), document.createElement('canvas'));
      place.textContent = [...size.toArray(), controls.enabled].join(' ');`,
    text: '1 2 3 true',
  },
  d3: {
    packages: { d3: '7.9.2' },
    imports: `import * as d3 from 'd3'; import { scaleLinear } from 'd3';`,
    body: `d3.select(place).append('b').text(scaleLinear([0, 1], [0, 100])(0.5) + d3.sum([1, 2]));`,
    text: '53',
  },
  rxjs: {
    packages: { rxjs: '7.8.2' },
    imports: `import { map, of, reduce } from 'rxjs';`,
    body: `of(1, 2, 3).pipe(map((n) => n * n), reduce((a, b) => a + b)).subscribe((sum) => (place.textContent = 'squares ' + sum));`,
    text: 'squares 14',
  },
  lodash: {
    packages: { lodash: '4.18.1' },
    imports: `import _, { chunk } from 'lodash'; import capitalize from 'lodash/capitalize';`,
    body: `place.textContent = capitalize(_.camelCase('two-words')) + JSON.stringify(chunk([1, 2, 3], 2));`,
    text: 'Twowords[[1,2],[3]]',
  },
  moment: {
    packages: { moment: '2.31.0' },
    imports: `import moment from 'moment';`,
    body: `place.textContent = moment.utc('2020-02-28').add(2, 'days').format('MMMM Do YYYY');`,
    text: 'March 1st 2020',
  },
  axios: {
    packages: { axios: '1.21.1' },
    imports: `import axios, { isAxiosError } from 'axios';`,
    body: `
      const { data } = await axios.get('data:application/json,{"n":5}');
      const failed = await axios.get('/package.json', { adapter: 'fetch', validateStatus: () => true });
      place.textContent = 'got ' + data.n + isAxiosError(failed);`,
    text: 'got 5false',
  },
  uuid: {
    packages: { uuid: '14.0.3' },
    imports: `import { v4, v5, validate } from 'uuid';`,
    body: `place.textContent = [validate(v4()), v5('hello', v5.DNS)].join(' ');`,
    text: 'true 9342d47a-1bab-5709-9869-c840b2eac501',
  },
  lit: {
    packages: { lit: '3.3.3' },
    imports: `import { LitElement, html } from 'lit'; import { repeat } from 'lit/directives/repeat.js';`,
    body: `
      customElements.define('lit-part', class extends LitElement {
        createRenderRoot() { return this; }
        render() { return html\`lit \${repeat([1, 2], (n) => n, (n) => html\`<b>\${n}</b>\`)}\`; }
      });
      place.append(document.createElement('lit-part'));`,
    text: 'lit 12',
  },
  vue: {
    packages: { vue: '3.5.45' },
    imports: `import { createApp, h, onMounted, ref } from 'vue';`,
    body: `
      const count = ref(1);
      const setup = () => { onMounted(() => (count.value = 9)); return () => h('b', 'vue ' + count.value); };
      createApp({ setup }).mount(place);`,
    text: 'vue 9',
  },
  svelte: {
    packages: { svelte: '5.57.3' },
    imports: `import { createRawSnippet, mount } from 'svelte'; import { get, writable } from 'svelte/store';`,
    body: `
      const store = writable(1);
      store.update((n) => n + 1);
      mount(createRawSnippet(() => ({ render: () => '<b>svelte ' + get(store) + '</b>' })), { target: place });`,
    text: 'svelte 2',
  },
  preact: {
    packages: { preact: '11.2.0' },
    imports: `import { h, render } from 'preact'; import { useEffect, useState } from 'preact/hooks';`,
    body: `
      const Counter = () => {
        const [count, setCount] = useState(1);
        useEffect(() => setCount(8), []);
        return h('b', null, 'preact ', count);
      };
      render(h(Counter, null), place);`,
    text: 'preact 8',
  },
  // CommonJS only, by name.
  semver: {
    packages: { semver: '7.8.6' },
    imports: `import { gt, inc } from 'semver';`,
    body: `place.textContent = inc('1.2.3', 'minor') + gt('2.0.0', '1.9.9');`,
    text: '1.3.0true',
  },
  // module.exports = function
  ms: { packages: { ms: '2.1.3' }, imports: `import ms from 'ms';`, body: `place.textContent = ms(ms('2 days'));`, text: '2d' },
  // __esModule
  ajv: {
    packages: { ajv: '8.20.0' },
    imports: `import Ajv, { ValidationError } from 'ajv';`,
    body: `place.textContent = [new Ajv().validate({ type: 'integer' }, 1.5), typeof ValidationError].join(' ');`,
    text: 'false function',
  },
  // A map under `browser`.
  debug: {
    packages: { debug: '4.4.3' },
    imports: `import debug from 'debug';`,
    body: `place.textContent = debug.formatArgs.length + typeof debug('part').extend + debug.storage.constructor.name;`,
    text: '1functionStorage',
  },
  // Imports what only Node has.
  dotenv: {
    packages: { dotenv: '18.0.10' },
    imports: `import { parse } from 'dotenv';`,
    body: `place.textContent = 'dotenv ' + parse('A=1\\nB="two"').B;`,
    text: 'dotenv two',
  },
};
