import { Failure } from '../shared/errors.ts'
import { sameSecret } from '../shared/id.ts'
import { type AppContext, headerOf } from './context.ts'

/** Whether the request carries this token as "Authorization: Bearer …". */
export function hasBearer(c: AppContext, token: string): boolean {
  const given = headerOf(c, 'authorization')?.match(/^Bearer +(\S+)$/i)?.[1]
  return given !== undefined && sameSecret(given, token)
}

/** A guard that lets nobody in but who knows the token; with no token, nobody at all. @throws Failure `unauthorized` */
export const bearerGuard = (token: string | null, detail: string) => (c: AppContext) => {
  if (token === null || !hasBearer(c, token)) throw new Failure('unauthorized', detail)
}
