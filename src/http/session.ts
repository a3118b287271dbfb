/** Two cookies: who borrows (any visitor) and who presents (whoever was given the token). */
import { createHmac } from 'node:crypto'
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
  /** Writes of other sites do not come this far (`refuseCrossSite`). @throws Failure `unauthorized` */
  requirePresenter(c: AppContext): void
  /** Makes this browser the presenter's. @throws Failure `unauthorized` when the token is wrong */
  signIn(c: AppContext, token: string): void
  /** For pages: gives every browser a session, and takes a token out of the address. */
  pages: MiddlewareHandler<AppEnv>
}

/** What the presenter's cookie holds: it opens this server while its token is the same, and does not tell it. */
export const proofOf = (token: string): string =>
  createHmac('sha256', token).update('presenter cookie').digest('base64url')

/** @param secure whether visitors come by https, even where no proxy tells */
export function createSessions({ token, secure }: { token: string; secure: boolean }): Sessions {
  const proof = proofOf(token)
  const isSecure = (c: AppContext) => secure || c.get('facts').secure
  /** Where it can be: a cookie of that name was set by this host, over https, and by nobody else. */
  const named = (c: AppContext, name: string) => (isSecure(c) ? `__Host-${name}` : name)
  const keep = (c: AppContext, name: string, value: string, sameSite: 'Strict' | 'Lax') =>
    setCookie(c, named(c, name), value, {
      path: '/',
      httpOnly: true,
      secure: isSecure(c),
      sameSite,
      maxAge: SESSION_DAYS * 86_400,
    })
  const hasCookie = (c: AppContext) => {
    const given = headerOf(c, 'cookie') === undefined ? undefined : getCookie(c, named(c, PRESENTER))
    return given !== undefined && sameSecret(given, proof)
  }
  const sessionOf = (c: AppContext) => {
    if (headerOf(c, 'cookie') === undefined) return undefined
    const given = getCookie(c, named(c, SESSION))
    return given !== undefined && GIVEN_SESSION.test(given) ? given : undefined
  }

  function signIn(c: AppContext, given: string) {
    if (!sameSecret(given, token))
      throw new Failure('unauthorized', 'This is not the presenter token of this server.')
    c.header('Cache-Control', 'no-store')
    keep(c, PRESENTER, proof, 'Strict')
  }

  return {
    nameOf(c) {
      const session = sessionOf(c)
      return session === undefined ? null : fingerprint(session)
    },
    isPresenter: c => hasBearer(c, token) || hasCookie(c),
    requirePresenter(c) {
      if (!hasBearer(c, token) && !hasCookie(c))
        throw new Failure(
          'unauthorized',
          'Only the presenter may do this: send the token as "Authorization: Bearer …".',
        )
    },
    signIn,
    async pages(c, next) {
      const given = c.req.query('token')
      if (given !== undefined) {
        signIn(c, given)
        return c.redirect(withoutToken(c.req.url), 303)
      }
      if (sessionOf(c) === undefined) keep(c, SESSION, newSecret(), 'Lax')
      return next()
    },
  }
}

/** The same address on this host, whatever host the request named. Two slashes at its start would name one. */
function withoutToken(address: string): string {
  const { pathname, searchParams } = new URL(address)
  searchParams.delete('token')
  const query = searchParams.size === 0 ? '' : `?${searchParams}`
  return pathname.replace(/^\/+/, '/') + query
}
