import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { mockApi } from './mock/plugin.ts';

const path = (folder: string) => fileURLToPath(new URL(folder, import.meta.url));
const server = process.env.CLAVIGER_SERVER;

// Without CLAVIGER_SERVER the console talks to an in-memory stand-in; it never reaches the bundle.
export default defineConfig({
  plugins: [svelte(), ...(server ? [] : [mockApi()])],
  resolve: {
    alias: { $lib: path('./src/lib'), $pages: path('./src/pages') },
    conditions: process.env.VITEST ? ['browser'] : undefined,
  },
  server: server ? { proxy: { '/api': { target: server, changeOrigin: false } } } : {},
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, manifest: true },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], setupFiles: ['src/test-setup.ts'] },
});
