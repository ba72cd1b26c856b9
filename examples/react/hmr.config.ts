import { defineConfig } from 'hmr-dev';
import react from 'hmr-dev/react';

export default defineConfig({ plugins: [react()] });
