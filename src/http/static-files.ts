import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import type { MiddlewareHandler } from 'hono'
import { compress } from 'hono/compress'
import { etag, RETAINED_304_HEADERS } from 'hono/etag'
import type { App, AppEnv } from './context.ts'
import { type PageNeeds, pageSecurity } from './security-headers.ts'

const require = createRequire(import.meta.url)
const folderOf = (file: string) => dirname(require.resolve(file))
const reveal = folderOf('reveal.js/reveal.css')
const swaggerUi = folderOf('swagger-ui-dist/swagger-ui.css')

/** The folder `static/` beside `src/` and `dist/`. */
export const staticFolder = fileURLToPath(new URL('../../static', import.meta.url))

/** What pages load of packages: an allow-list of addresses and the files behind them. */
const vendored: Record<string, string> = {
  '/vendor/reveal/reveal.mjs': join(reveal, 'reveal.mjs'),
  '/vendor/reveal/reveal.css': join(reveal, 'reveal.css'),
  '/vendor/reveal/reset.css': join(reveal, 'reset.css'),
  '/vendor/swagger-ui/swagger-ui-bundle.js': join(swaggerUi, 'swagger-ui-bundle.js'),
  '/vendor/swagger-ui/swagger-ui.css': join(swaggerUi, 'swagger-ui.css'),
}

/** Serves the built scripts and styles, and the allowed files of packages. Nothing comes from elsewhere. */
export function serveAssets(app: App): void {
  app.use('/assets/*', revalidated, validated, compress(), serveStatic({ root: staticFolder }))
  app.use('/vendor/*', revalidated, validated, compress())
  for (const [address, path] of Object.entries(vendored)) app.get(address, serveStatic({ path }))
}

/** Serves the page that was built from `static/<name>.html` at an address, after `first` has seen the request. */
export function servePage(
  app: App,
  address: string,
  { name, first, ...needs }: PageNeeds & { name: string; first: MiddlewareHandler<AppEnv> },
): void {
  const file = serveStatic({ path: join(staticFolder, 'pages', `${name}.html`) })
  app.get(address, pageSecurity(needs), first, revalidated, validated, compress(), file)
}

/** A page that has not changed still brings what goes with it: a first session, its policy. */
const validated = etag({
  retainedHeaders: [
    ...RETAINED_304_HEADERS,
    'set-cookie',
    'content-security-policy',
    'permissions-policy',
    'x-frame-options',
    'cross-origin-opener-policy',
  ],
})

/** Kept by browsers, but asked for anew each time: a deployment shows at once. */
const revalidated: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next()
  c.res.headers.set('Cache-Control', 'no-cache')
}
