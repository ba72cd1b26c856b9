import svelte from 'esbuild-svelte';

// `hmr` makes Svelte's compiler write its own code for hot updates into each component.
export default {
  plugins: [svelte({ compilerOptions: { dev: true, hmr: true } })],
};
