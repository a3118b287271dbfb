import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type App, type AppContext, headerOf } from './context.ts'
import { problem } from './problem.ts'
import { pageSecurity } from './security-headers.ts'

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const
const PAGE = fileURLToPath(new URL('../../static/pages/not-found.html', import.meta.url))
const ADDRESS = '<!-- address -->'
const ADDRESS_MAX = 200

/** Answers what no route took: 405 where another method would do, else 404, with a page for who came by a browser. */
export function answerUnmatched(app: App): void {
  const takes = (method: string, path: string) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method)
  /** Read when it is first needed; null: the pages were not built. */
  let page: string | null | undefined

  async function nowhere(c: AppContext): Promise<Response> {
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (isRead && prefersHtml(headerOf(c, 'accept') ?? '')) {
      page ??= existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : null
      if (page !== null) return pageFor(c, page)
    }
    return problem(c, 'not_found', 'There is nothing at this address.', {}, { Vary: 'Accept' })
  }

  app.notFound(c => {
    const allowed = METHODS.filter(method => takes(method, c.req.path))
    if (allowed.length === 0 || allowed.includes(c.req.method as never)) return nowhere(c)
    const allow = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : [])].join(', ')
    const response = problem(c, 'method_not_allowed', `This address takes ${allow}.`)
    response.headers.set('Allow', allow)
    return response
  })
}

async function pageFor(c: AppContext, page: string): Promise<Response> {
  await pageSecurity({})(c, async () => {})
  c.header('Cache-Control', 'no-store')
  c.header('Vary', 'Accept')
  // A function: a `$` of the address means nothing.
  return c.html(
    page.replace(ADDRESS, () => escaped(c.req.path.slice(0, ADDRESS_MAX))),
    404,
  )
}

/**
 * Whether a client asks for a page: it names text/html, and JSON not at all or as less welcome (RFC 9110, 12.5.1).
 * A plain `*` + `/*`, as programs send it, is no wish for a page.
 */
export function prefersHtml(accept: string): boolean {
  const html = qualityOf(accept, ['text/html'])
  return html > qualityOf(accept, ['application/json', 'application/problem+json'])
}

/** The best quality that names of media types are given, 0–1; 0: none is named. */
function qualityOf(accept: string, types: readonly string[]): number {
  const qualities = accept.split(',').flatMap(range => {
    const [type = '', ...parameters] = range.split(';').map(part => part.trim().toLowerCase())
    if (!types.includes(type)) return []
    const quality = parameters.find(parameter => parameter.startsWith('q='))
    return [quality === undefined ? 1 : Number(quality.slice(2)) || 0]
  })
  return Math.max(0, ...qualities)
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, sign => entities[sign] ?? sign)
