import svelte from 'esbuild-svelte';

// `hmr` makes Svelte's compiler write its own code for hot updates into each component.
export default ({ command }: { readonly command: 'serve' | 'build' }) => ({
  plugins: [svelte({ compilerOptions: { dev: command === 'serve', hmr: command === 'serve' } })],
});
