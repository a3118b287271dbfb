import { Failure } from '../../shared/errors.ts'
import { fingerprint } from '../../shared/id.ts'

const KEY = /^[\x21-\x7e]{1,255}$/

/**
 * The key of an event that may be told again. Clients do not share keys.
 * @param header the `Idempotency-Key` as it was sent; it goes before the body's `event_id`
 * @throws Failure `invalid_request`
 */
export function eventKeyOf(
  header: string | undefined,
  eventId: string | undefined,
  client: string,
): string | null {
  const message = 'must be 1 to 255 visible ASCII characters'
  if (header !== undefined && !KEY.test(header))
    throw new Failure('invalid_request', `The Idempotency-Key is not valid: ${message}.`, {
      errors: [{ path: 'Idempotency-Key', message }],
    })
  const given = header ?? eventId
  return given === undefined ? null : fingerprint(JSON.stringify([client, given]))
}
