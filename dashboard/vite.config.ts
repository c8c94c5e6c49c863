import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dashboard` sends what is not a page: a gateway that runs beside it. */
const gateway = process.env.TIDEGATE_URL ?? 'http://127.0.0.1:8787';
const port = Number(process.env.TIDEGATE_DASHBOARD_PORT ?? 5173);

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  server: {
    port,
    // The gateway compares the host and the origin of a request: the proxy speaks in its own name.
    proxy: Object.fromEntries(
      ['/client', '/v1', '/healthz'].map((path) => [
        path,
        { target: gateway, changeOrigin: true, headers: { origin: gateway } },
      ]),
    ),
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    reportCompressedSize: false,
    // An asset that is written into the code as a data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    // What many pages share comes as one file, instead of dozens that are each smaller than their own headers.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'shared', test: /node_modules/, minShareCount: 8 }] } },
    },
  },
});
