import autocannon, { type Options, type Request } from 'autocannon'
import { build } from 'hdr-histogram-js'

/** What one load did: completed requests a second, latencies in ms, and how many were not 2xx. */
export interface Figures {
  perSecond: number
  p50: number
  p95: number
  p99: number
  failed: number
}

export interface Load {
  url: string
  seconds: number
  connections: number
  requests: Request[]
}

/** Drives a server from this process over keep-alive connections, each waiting for its answer. */
export async function drive({ url, seconds, connections, requests }: Load): Promise<Figures> {
  const latencies = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  })
  const options: Options = { url, duration: seconds, connections, requests }
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)))
    running.on('response', (_client, _status, _bytes, responseTimeMs) =>
      latencies.recordValue(Math.max(1, Math.round(responseTimeMs * 1000))),
    )
  })
  const percentile = (share: number) => latencies.getValueAtPercentile(share) / 1000
  return {
    perSecond: latencies.totalCount / result.duration,
    p50: percentile(50),
    p95: percentile(95),
    p99: percentile(99),
    failed: result.non2xx + result.errors + result.timeouts,
  }
}

const json = { 'content-type': 'application/json' }
const wanted = JSON.stringify({ tool: 'cad_tool', user: 'alice' })

export const postEcho: Request[] = [{ method: 'POST', path: '/echo', headers: json, body: wanted }]
export const getEcho: Request[] = [{ method: 'GET', path: '/echo' }]
export const readStatus: Request[] = [{ method: 'GET', path: '/licenses/status' }]
export const borrow: Request[] = [{ method: 'POST', path: '/licenses/borrow', headers: json, body: wanted }]

/** Each connection borrows, then returns what it was given. */
export const borrowAndReturn: Request[] = [
  {
    method: 'POST',
    path: '/licenses/borrow',
    headers: json,
    body: wanted,
    onResponse: (_status, body, context) => Object.assign(context, { id: JSON.parse(body).id }),
  },
  {
    method: 'POST',
    path: '/licenses/return',
    headers: json,
    setupRequest: (request, context) => ({
      ...request,
      body: JSON.stringify({ id: (context as { id?: string }).id ?? 'none' }),
    }),
  },
]
