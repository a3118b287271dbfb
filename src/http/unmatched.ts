import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { accepts } from 'hono/accepts'
import { html } from 'hono/html'
import type { App, AppContext } from './context.ts'
import { problem } from './problem.ts'
import { pageSecurity } from './security-headers.ts'
import { staticFolder } from './static-files.ts'

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const
const PAGE = join(staticFolder, 'pages/not-found.html')
const ADDRESS = '<!-- address -->'
const ADDRESS_MAX = 200

/** Answers what no route took: 405 where another method would do, else 404, with a page for who came by a browser. */
export function answerUnmatched(app: App): void {
  const takes = (method: string, path: string) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method)
  /** Read when it is first needed; null: the pages were not built. */
  let page: string | null | undefined

  /** @returns null: who asks wants no page, or there is none */
  function pageFor(c: AppContext): string | null {
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (!isRead || !prefersHtml(c)) return null
    page ??= existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : null
    return page
  }

  app.notFound(async c => {
    const allowed = METHODS.filter(method => takes(method, c.req.path))
    const isKnown = allowed.length > 0 && !allowed.includes(c.req.method as never)
    const allow = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : [])].join(', ')
    const headers = { Vary: 'Accept', ...(isKnown ? { Allow: allow } : {}) }
    const found = pageFor(c)
    if (found !== null) return show(c, found, isKnown ? 405 : 404, headers)
    return isKnown
      ? problem(c, 'method_not_allowed', `This address takes ${allow}.`, {}, headers)
      : problem(c, 'not_found', 'There is nothing at this address.', {}, headers)
  })
}

async function show(c: AppContext, page: string, status: 404 | 405, headers: Record<string, string>) {
  await pageSecurity({})(c, async () => {})
  const address = await html`${c.req.path.slice(0, ADDRESS_MAX)}`
  // A function: a `$` of the address means nothing.
  const text = page.replace(ADDRESS, () => address.toString())
  return c.html(text, status, { ...headers, 'Cache-Control': 'no-store' })
}

/** Whether a client asks for a page before JSON. A plain `*` + `/*`, as programs send it, is no wish for a page. */
const prefersHtml = (c: AppContext): boolean =>
  accepts(c, {
    header: 'Accept',
    supports: ['application/json', 'application/problem+json', 'text/html'],
    default: 'application/json',
  }) === 'text/html'
