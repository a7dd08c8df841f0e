import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    // Tests and tools that need a build of their own say where to.
    outDir: process.env['IMAGEMILL_STUDIO'] ?? join(import.meta.dirname, '../dist/studio'),
    emptyOutDir: true,
    target: 'es2024',
    // The Content-Security-Policy allows neither scripts nor fonts nor pictures that are written into files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_200,
  },
});
