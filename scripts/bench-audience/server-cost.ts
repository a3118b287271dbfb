/** What the server has used so far, as it says itself. */
export interface Cost {
  cpuSeconds: number
  megabytes: number
  streams: number
  /** Streams that it let go because nobody read them. */
  dropped: number
  at: number
}

export async function costOf(url: string): Promise<Cost> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? 0)
  return {
    cpuSeconds: value('process_cpu_seconds_total'),
    megabytes: value('process_resident_memory_bytes') / 1024 / 1024,
    streams: value('live_streams_open'),
    dropped: value('live_streams_dropped_total'),
    at: performance.now(),
  }
}

/** Of one core, in percent. */
export const cpuPercent = (from: Cost, to: Cost): number =>
  ((to.cpuSeconds - from.cpuSeconds) / ((to.at - from.at) / 1000)) * 100
