import type { LakeProblem } from './lake.ts'

/** A request on its way: its end at the latest, and what the server said. */
export interface Attempt {
  signal: AbortSignal
  status: number | undefined
}

/** Codes of S3, and of servers that speak it and can be full. */
const byCode: Record<string, LakeProblem> = {
  NoSuchBucket: 'missing',
  AccessDenied: 'denied',
  InvalidAccessKeyId: 'denied',
  SignatureDoesNotMatch: 'denied',
  ExpiredToken: 'denied',
  InvalidToken: 'denied',
  AllAccessDisabled: 'denied',
  RequestTimeTooSkewed: 'denied',
  XMinioStorageFull: 'full',
  XMinioAdminBucketQuotaExceeded: 'full',
  QuotaExceeded: 'full',
  EntityTooLarge: 'failed',
  SlowDown: 'slow',
  RequestTimeout: 'slow',
  ETIMEDOUT: 'slow',
}
/** Of the network: there is nobody to talk to. */
const NETWORK =
  /^(ECONN(REFUSED|RESET|ABORTED)|ENOTFOUND|EAI_\w+|EHOST(UNREACH|DOWN)|ENETUNREACH|EPIPE|ERR_SSL\w*|CERT_\w+|DEPTH_\w+|SELF_SIGNED\w*|UNABLE_TO_\w+|ERR_TLS\w*)$/

/** Why a request failed. */
export function problemOf(error: unknown, { signal, status }: Attempt): LakeProblem {
  if (signal.aborted) return 'slow'
  const { code } = error as { code?: unknown }
  const known = typeof code === 'string' ? byCode[code] : undefined
  if (known) return known
  if (status === 403 || status === 401) return 'denied'
  if (status === 404) return 'missing'
  if (status === 507) return 'full'
  if (status === 408 || status === 429 || status === 503 || status === 504) return 'slow'
  if (status === 502) return 'away'
  if (typeof code === 'string' && NETWORK.test(code)) return 'away'
  return 'failed'
}
