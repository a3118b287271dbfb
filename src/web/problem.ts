/** A field that the server did not accept. */
export interface FieldError {
  path: string
  message: string
}

/** A failed call: an RFC 9457 problem of the server, or no answer at all (status 0). */
export class Problem extends Error {
  readonly status: number
  readonly reason: string
  readonly requestId: string
  readonly retryAfterSeconds: number
  readonly body: Record<string, unknown>

  constructor(
    status: number,
    reason: string,
    detail: string,
    requestId = '',
    retryAfterSeconds = 0,
    body = {},
  ) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.reason = reason
    this.requestId = requestId
    this.retryAfterSeconds = retryAfterSeconds
    this.body = body
  }

  /** The fields the server did not accept, if it named any. */
  get fields(): FieldError[] {
    return Array.isArray(this.body.errors) ? (this.body.errors as FieldError[]) : []
  }

  /** Reads a problem; a body that is none (a proxy's page, say) becomes one. */
  static from(response: Response, text: string): Problem {
    let body: Record<string, unknown> = {}
    try {
      body = JSON.parse(text) as Record<string, unknown>
    } catch {
      // Not from our server: the status is all there is.
    }
    const detail = typeof body.detail === 'string' ? body.detail : `The server answered ${response.status}`
    const reason = typeof body.reason === 'string' ? body.reason : 'unknown'
    const requestId = String(body.request_id ?? response.headers.get('X-Request-Id') ?? '')
    const retryAfter = Number(response.headers.get('Retry-After')) || 0
    return new Problem(response.status, reason, detail, requestId, retryAfter, body)
  }

  /** When the request got no answer. */
  static noAnswer(timedOut: boolean): Problem {
    return timedOut
      ? new Problem(0, 'timeout', 'The server did not answer in time.')
      : new Problem(0, 'offline', 'The server cannot be reached.')
  }
}
