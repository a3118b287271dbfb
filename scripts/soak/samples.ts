/** What the server's process is, each second: as it says itself, and as Linux says. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Soaked } from './server.ts'

export interface Sample {
  /** Seconds since the soak began. */
  at: number
  /** Which start of the server. */
  life: number
  rss: number
  /** Of that, memory that is no file's. */
  anonymous: number
  heap: number
  external: number
  descriptors: number
  threads: number
  handles: number
  resources: number
  requestsUnderWay: number
  /** The longest that the event loop was held up since the last sample, ms. */
  lagMax: number
  cpuSeconds: number
  streams: number
  sockets: number
}

const MB = 1024 * 1024
const missing = Number.NaN

function fromLinux(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? missing)
    return {
      rss: field('VmRSS') / 1024,
      anonymous: field('RssAnon') / 1024,
      threads: field('Threads'),
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
    }
  } catch {
    // Another system than Linux, or the process is gone.
    return null
  }
}

/** null: it is not up, or ended meanwhile. @param startedAt performance.now() when the soak began */
export async function takeSample(server: Soaked, startedAt: number): Promise<Sample | null> {
  if (server.phase !== 'up') return null
  const { number: life, pid } = server.life
  const before = server.changes
  let text: string
  try {
    text = await (await fetch(`${server.url}/metrics`, { signal: AbortSignal.timeout(5000) })).text()
  } catch {
    return null
  }
  if (before !== server.changes) return null
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? missing)
  return {
    at: (performance.now() - startedAt) / 1000,
    life,
    heap: value('nodejs_heap_size_used_bytes') / MB,
    external: value('nodejs_external_memory_bytes') / MB,
    handles: value('nodejs_active_handles_total'),
    resources: value('nodejs_active_resources_total'),
    requestsUnderWay: value('nodejs_active_requests_total'),
    lagMax: value('nodejs_eventloop_lag_max_seconds') * 1000,
    cpuSeconds: value('process_cpu_seconds_total'),
    streams: value('live_streams_open'),
    sockets: value('estate_ws_connections'),
    ...(fromLinux(pid) ?? {
      rss: value('process_resident_memory_bytes') / MB,
      anonymous: missing,
      threads: missing,
      descriptors: value('process_open_fds'),
    }),
  }
}
