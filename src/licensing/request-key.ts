import { Failure } from '../shared/errors.ts'
import { fingerprint } from '../shared/id.ts'
import type { RequestKey } from './ledger.ts'

const KEY = /^[\x21-\x7e]{1,255}$/

/**
 * The key of a request that may be repeated. Sessions do not share keys: another one's key would hand
 * out another one's borrow.
 * @param header the `Idempotency-Key` as it was sent
 * @param request what is asked for, field by field
 * @throws Failure `invalid_request`
 */
export function requestKeyOf(
  header: string | undefined,
  session: string | null,
  request: string[],
): RequestKey | null {
  if (header === undefined) return null
  if (!KEY.test(header))
    throw new Failure(
      'invalid_request',
      'The Idempotency-Key is not valid: 1 to 255 visible ASCII characters.',
      {
        errors: [{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
      },
    )
  return { key: `${session ?? ''}:${header}`, request: fingerprint(JSON.stringify(request)) }
}
