/** Who calls the vehicle API: the app of one vehicle, or the presenter. */
import { hasBearer } from '../../http/bearer.ts'
import type { AppContext } from '../../http/context.ts'
import { Failure } from '../../shared/errors.ts'
import { fingerprint } from '../../shared/id.ts'
import { appToken } from '../../vehicle/credentials.ts'

export type Caller = 'app' | 'presenter'

export interface Visitors {
  isPresenter(c: AppContext): boolean
}

export interface Callers {
  /**
   * Who may read this vehicle or make it do something. The token of another vehicle is no better than none.
   * @throws Failure `unauthorized`
   */
  admit(c: AppContext, vehicle: string): Caller
  /** Whom a request is counted for, in a word that is fit to be kept and shown: never a token, never an address. */
  nameOf(c: AppContext): string
  /** The vehicle that a request named, if it was read so far. */
  vehicleOf(c: AppContext): string | null
}

/** @param key of the fleet, from which all tokens come */
export function createCallers(key: string, visitors: Visitors): Callers {
  const seen = new WeakMap<AppContext, { vehicle: string; name: string | null }>()

  return {
    admit(c, vehicle) {
      const call: { vehicle: string; name: string | null } = { vehicle, name: null }
      seen.set(c, call)
      if (hasBearer(c, appToken(key, vehicle))) {
        call.name = `app:${vehicle}`
        return 'app'
      }
      if (!visitors.isPresenter(c))
        throw new Failure(
          'unauthorized',
          'Send the token of this vehicle’s app as "Authorization: Bearer …".',
        )
      call.name = 'presenter'
      return 'presenter'
    },
    nameOf(c) {
      const known = seen.get(c)?.name
      if (known) return known
      if (visitors.isPresenter(c)) return 'presenter'
      // With the key, so that the few addresses there are cannot be tried out.
      return `anonymous:${fingerprint(`${key}:${c.get('facts').address}`)}`
    },
    vehicleOf: c => seen.get(c)?.vehicle ?? null,
  }
}
