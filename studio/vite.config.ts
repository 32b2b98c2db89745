import { readFileSync } from 'node:fs'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** The fonts of the first screen: asked for with the page, so that text does not move when they arrive. */
const preloadedFonts = /(?:instrument-sans-latin|geist-mono-latin)-wght-normal.*\.woff2$/

/**
 * Puts the theme script (hashed, blocking, from our own origin) and the font preloads into the head. Vite leaves
 * scripts that are no modules alone, so the script is emitted as an asset here.
 */
function head(): Plugin {
  const source = new URL('./src/app/theme-before-paint.js', import.meta.url)
  let building = false
  let reference = ''
  return {
    name: 'backlot-head',
    configResolved(config) {
      building = config.command === 'build'
    },
    buildStart() {
      if (building) {
        reference = this.emitFile({ type: 'asset', name: 'theme.js', source: readFileSync(source, 'utf8') })
      }
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const theme =
          context.bundle === undefined
            ? '/src/app/theme-before-paint.js'
            : `/${Object.values(context.bundle).find((file) => /theme-[\w-]+\.js$/.test(file.fileName) && file.type === 'asset')?.fileName}`
        const fonts = Object.keys(context.bundle ?? {}).filter((name) => preloadedFonts.test(name))
        return [
          { tag: 'script', attrs: { src: theme }, injectTo: 'head-prepend' as const },
          ...fonts.map((name) => ({
            tag: 'link',
            attrs: { rel: 'preload', href: `/${name}`, as: 'font', type: 'font/woff2', crossorigin: '' },
            injectTo: 'head' as const,
          })),
        ]
      },
    },
    generateBundle() {
      if (building) this.getFileName(reference)
    },
  }
}

export default defineConfig(({ command }) => {
  // A NODE_ENV of the caller's (a test runner sets one) would put React's development build, three times as heavy,
  // into the files that are then kept and served.
  if (command === 'build') process.env['NODE_ENV'] = 'production'
  return {
    root: import.meta.dirname,
    base: '/',
    plugins: [react(), tailwindcss(), head()],
    server: {
      // The pages that the server makes itself, and everything that is no page.
      proxy: Object.fromEntries(
        ['/v1', '/api', '/terms', '/privacy'].map((path) => [path, 'http://127.0.0.1:8787']),
      ),
    },
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2023',
      // Data addresses are not in the content policy for fonts, and a small file of its own is cached for ever.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      manifest: true,
      reportCompressedSize: false,
    },
  }
})
