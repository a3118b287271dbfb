import type { MiddlewareHandler } from 'hono'
import { type AppContext, type AppEnv, headerOf } from './context.ts'

const policy = (styles: string) =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src ${styles}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; ')

/** For pages: nothing from elsewhere, no inline script. @param inlineStyles only for what cannot do without */
export function pageSecurity({ inlineStyles = false } = {}): MiddlewareHandler<AppEnv> {
  const csp = policy(inlineStyles ? "'self' 'unsafe-inline'" : "'self'")
  return async (c, next) => {
    c.header('Content-Security-Policy', csp)
    c.header('Referrer-Policy', 'same-origin')
    c.header('X-Frame-Options', 'SAMEORIGIN')
    if (isTrustworthy(c)) c.header('Cross-Origin-Opener-Policy', 'same-origin')
    await next()
  }
}

/** Where browsers take the page for secure. On phones that come by a plain address they would ignore the header, and say so in red. */
function isTrustworthy(c: AppContext): boolean {
  const { protocol, hostname } = new URL(c.req.url)
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  return isHere || protocol === 'https:' || headerOf(c, 'x-forwarded-proto') === 'https'
}
