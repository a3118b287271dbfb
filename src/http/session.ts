/** Two cookies: who borrows (any visitor) and who presents (whoever was given the token). */
import type { MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { Failure } from '../shared/errors.ts'
import { fingerprint, newSecret, sameSecret } from '../shared/id.ts'
import { hasBearer } from './bearer.ts'
import { type AppContext, type AppEnv, headerOf } from './context.ts'

const SESSION = 'twinloop_session'
const PRESENTER = 'twinloop_presenter'
const GIVEN_SESSION = /^[\w-]{16,64}$/
const SESSION_DAYS = 30

export interface Sessions {
  /** A one-way name of the visitor's browser session; null where there is none. */
  nameOf(c: AppContext): string | null
  isPresenter(c: AppContext): boolean
  /** @throws Failure `unauthorized` or `cross_site` */
  requirePresenter(c: AppContext): void
  /** Makes this browser the presenter's. @throws Failure `unauthorized` when the token is wrong */
  signIn(c: AppContext, token: string): void
  /** For pages: gives every browser a session, and takes a token out of the address. */
  pages: MiddlewareHandler<AppEnv>
}

/** @param secure whether visitors come by https */
export function createSessions({ token, secure }: { token: string; secure: boolean }): Sessions {
  const attributes = { path: '/', httpOnly: true, secure } as const
  const hasCookie = (c: AppContext) => {
    const given = headerOf(c, 'cookie') === undefined ? undefined : getCookie(c, PRESENTER)
    return given !== undefined && sameSecret(given, token)
  }
  const sessionOf = (c: AppContext) => {
    if (headerOf(c, 'cookie') === undefined) return undefined
    const given = getCookie(c, SESSION)
    return given !== undefined && GIVEN_SESSION.test(given) ? given : undefined
  }

  function signIn(c: AppContext, given: string) {
    if (!sameSecret(given, token))
      throw new Failure('unauthorized', 'This is not the presenter token of this server.')
    setCookie(c, PRESENTER, token, { ...attributes, sameSite: 'Strict', maxAge: SESSION_DAYS * 86_400 })
  }

  return {
    nameOf(c) {
      const session = sessionOf(c)
      return session === undefined ? null : fingerprint(session)
    },
    isPresenter: c => hasBearer(c, token) || hasCookie(c),
    requirePresenter(c) {
      if (hasBearer(c, token)) return
      if (!hasCookie(c))
        throw new Failure(
          'unauthorized',
          'Only the presenter may do this: send the token as "Authorization: Bearer …".',
        )
      if (isCrossSite(c)) throw new Failure('cross_site', 'A page of another site may not do this.')
    },
    signIn,
    async pages(c, next) {
      const given = c.req.query('token')
      if (given !== undefined) {
        signIn(c, given)
        const { pathname } = new URL(c.req.url)
        return c.redirect(pathname, 303)
      }
      if (sessionOf(c) === undefined)
        setCookie(c, SESSION, newSecret(), { ...attributes, sameSite: 'Lax', maxAge: SESSION_DAYS * 86_400 })
      return next()
    },
  }
}

/** Whether a browser says that another site's page made it send this. */
function isCrossSite(c: AppContext): boolean {
  const site = headerOf(c, 'sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = headerOf(c, 'origin')
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== headerOf(c, 'host'))
}
