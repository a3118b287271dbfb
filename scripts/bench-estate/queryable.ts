/** How long it takes from a sample's own time until the API knows it, beside all the others. */
import { setTimeout as wait } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { estatePassword } from '../../src/machine/credentials.ts'

const CLIENT = 'estate-host-bench'
const POLL_MS = 25
const LATE_MS = 30_000

export interface Queryable {
  p50: number
  p99: number
  max: number
  lost: number
}

/**
 * One server of its own, which sends every so often by MQTT; after each sample the API is asked until it has it.
 * @param key that passwords come from
 */
export async function sampleToQueryable(options: {
  url: string
  mqttPort: number
  key: string
  samples: number
}): Promise<Queryable> {
  const { url, mqttPort, key, samples } = options
  const client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, {
    clientId: CLIENT,
    username: CLIENT,
    password: estatePassword(key, CLIENT),
  })
  const took: number[] = []
  let lost = 0
  for (let seq = 1; seq <= samples; seq++) {
    const at = Date.now()
    const timestamp = new Date(at).toISOString()
    const sample = {
      timestamp,
      server_id: 'bench-server',
      boot: 'bench',
      seq,
      interval_seconds: 30,
      cpu_percent: seq % 100,
      memory_percent: 50,
      status: 'healthy',
    }
    void client.publishAsync('estate/server', JSON.stringify(sample), { qos: 1 })
    const isThere = async () => {
      const response = await fetch(`${url}/api/servers/current?search=bench-server`)
      const [found] = (await response.json()) as { timestamp: string }[]
      return found?.timestamp === timestamp
    }
    while (!(await isThere()) && Date.now() - at < LATE_MS) await wait(POLL_MS)
    if (Date.now() - at < LATE_MS) took.push(Date.now() - at)
    else lost++
    // More than twelve a minute would be over a server's share.
    await wait(Math.max(0, at + 5500 - Date.now()))
  }
  await client.endAsync(true)
  const sorted = took.toSorted((a, b) => a - b)
  const of = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: of(0.5), p99: of(0.99), max: sorted.at(-1) ?? Number.NaN, lost }
}
