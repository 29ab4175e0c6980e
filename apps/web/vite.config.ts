import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const api = { target: process.env['QUANTDECK_API'] ?? 'http://127.0.0.1:8000', changeOrigin: false, ws: true }

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['@quantdeck/source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // By it the budget of the first route is checked.
    manifest: true,
    // The content security policy has no data: for scripts, and fonts are better cached as files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'charts', test: /node_modules[\\/](lightweight-charts|fancy-canvas)/ },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: { '/trpc': api, '/v1': api, '/api': api, '/ws': api, '/docs': api, '/openapi.json': api },
  },
})
