/** What a browser may do with a page of ours: load from this server only, and nothing that is written into the page. */
import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { AppContext, AppEnv } from './context.ts'

export interface PageNeeds {
  /** The exact texts of style elements that a package of the page makes. */
  styles?: readonly string[]
  /** Whether a package of the page writes HTML as text, which is refused otherwise. */
  writesHtml?: boolean
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The Content-Security-Policy of a page. */
export const policyOf = ({ styles = [], writesHtml = false }: PageNeeds): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    ["style-src 'self'", ...styles.map(hashOf)].join(' '),
    // Icons are written into the pages and styles.
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(writesHtml ? [] : ["require-trusted-types-for 'script'", "trusted-types 'none'"]),
  ].join('; ')

/** What no page of ours uses; the screen stays on and the deck fills it, and nothing else is asked for. */
const PERMISSIONS = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
  'xr-spatial-tracking',
]
  .map(feature => `${feature}=()`)
  .join(', ')

/** For pages: nothing from elsewhere, no inline script or style, in no other page's frame. */
export function pageSecurity(needs: PageNeeds): MiddlewareHandler<AppEnv> {
  const headers = {
    'Content-Security-Policy': policyOf(needs),
    'Permissions-Policy': PERMISSIONS,
    'X-Frame-Options': 'DENY',
  }
  return async (c, next) => {
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
    if (isTrustworthy(c)) c.header('Cross-Origin-Opener-Policy', 'same-origin')
    await next()
  }
}

/** Where browsers take the page for secure. On phones that come by a plain address they would ignore the header, and say so in red. */
function isTrustworthy(c: AppContext): boolean {
  const { protocol, hostname } = new URL(c.req.url)
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  return isHere || protocol === 'https:' || c.get('facts').secure
}
