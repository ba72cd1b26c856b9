import vue from 'unplugin-vue/esbuild';
import { vueHot } from './vue-hot.ts';

// A template of its own can be exchanged without the script. With maps on, the plugin fails at every <style>, in esbuild's builds too.
export default {
  define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  plugins: [vueHot(vue({ inlineTemplate: false, sourceMap: false }))],
};
