import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './context.ts'

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
    c.header('Cross-Origin-Opener-Policy', 'same-origin')
    await next()
  }
}
