/** The program in this process with the real clock, whose broker has a port that a next one can take over. */
import { systemClock } from '../../../src/shared/clock.ts'
import { ok } from '../../support/wire.ts'
import { createWorld, FLEET_KEY, type World } from '../../support/world.ts'

export interface FleetWorldOptions {
  dbPath: string
  port: number
  /** Of another broker. */
  url?: string
  password?: string
}

const KEEP_MS = 72 * 3600_000

export async function startWorld(options: FleetWorldOptions): Promise<World & { stop: () => Promise<void> }> {
  const { dbPath, port, url, password = null } = options
  const world = createWorld(
    {
      dbPath,
      rateLimitPerSecond: 0,
      fleet: {
        dbPath: `${dbPath.slice(0, dbPath.lastIndexOf('/'))}/fleet.db`,
        key: { text: FLEET_KEY },
        keepMs: KEEP_MS,
        maxBytes: 1e9,
        broker:
          url === undefined
            ? { kind: 'embedded', port, orAnyPort: false }
            : { kind: 'remote', url, user: 'twinloop-server', password },
        simulated: null,
      },
    },
    { clock: systemClock },
  )
  const { drain } = await world.app.start()
  return {
    ...world,
    async stop() {
      await drain()
      await world.app.stop()
    },
  }
}

/** The value of one series, such as `fleet_samples_total{kind="live"}`; 0 where it is not there yet. */
export async function metric(world: World, series: string): Promise<number> {
  const text = await (await world.send('GET', '/metrics')).text()
  const line = text.split('\n').find(row => row.startsWith(`${series} `))
  return Number(line?.slice(series.length + 1) ?? 0)
}

export const online = async (world: World): Promise<number> =>
  (await ok(world.send('GET', '/fleet/summary'))).online

/** Log lines of one event. */
export const linesOf = (world: World, event: string) => world.lines().filter(line => line.event === event)
