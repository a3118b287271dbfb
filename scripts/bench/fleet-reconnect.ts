/** Every vehicle loses its connection in the same moment: how long until all are back, and what others notice of it. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type BorrowProbe, startBorrowProbe } from './borrow-probe.ts'
import { FLEET_KEY, mqttPortOf, residentMegabytes, type Server, startServer } from './server.ts'
import { connectVehicle, type WireVehicle } from './vehicle-wire.ts'

export interface ReconnectFigures {
  /** From the cut until the server has the state of each vehicle on its disk, seconds. */
  seconds: number
  /** Of borrows that were asked for meanwhile, ms; of those that the server was there for. */
  borrowP50: number
  borrowP99: number
  borrows: number
  /** Attempts that came to nothing. */
  failed: number
  residentMegabytes: number
  /** What the server says of them at the end. */
  online: number
}

export interface ReconnectOptions {
  /** Where the database and the log go. */
  folder: string
  vehicles: number
  /** They come back spread over so much, as vehicles do that draw their back-off; 0: all in the same moment. */
  spreadMs: number
  progress: (text: string) => void
}

const RETRY_MS = 1000
const ATTEMPT_MS = 60_000

/** @returns the figures when the server stays and the lines are cut, and when the server is killed and started again */
export async function reconnectAll({ folder, vehicles, spreadMs, progress }: ReconnectOptions) {
  const dbPath = join(folder, 'reconnect.db')
  let server = await start(folder, dbPath)
  try {
    progress(`${vehicles} vehicles connect`)
    let wires = await connectAll(server, vehicles, { spreadMs: vehicles / 2, failed: () => {} })
    const cutAll = () => {
      for (const wire of wires) wire.close()
    }
    progress('every line is cut')
    const cut = await measure(
      () => server,
      vehicles,
      async failed => {
        cutAll()
        wires = await connectAll(server, vehicles, { spreadMs, failed })
      },
    )
    progress('the server is killed')
    const killed = await measure(
      () => server,
      vehicles,
      async (failed, probe) => {
        await server.kill()
        cutAll()
        server = await start(folder, dbPath)
        probe.aim(server.url)
        wires = await connectAll(server, vehicles, { spreadMs, failed })
      },
    )
    cutAll()
    return { cut, killed }
  } finally {
    await server.kill()
  }
}

async function measure(
  server: () => RunningServer,
  vehicles: number,
  comeBack: (failed: () => void, probe: BorrowProbe) => Promise<void>,
): Promise<ReconnectFigures> {
  let failed = 0
  const probe = startBorrowProbe(server().url)
  const from = performance.now()
  await comeBack(() => {
    failed++
  }, probe)
  const seconds = (performance.now() - from) / 1000
  const latencies = (await probe.stop()).toSorted((a, b) => a - b)
  const summary = await (await fetch(`${server().url}/fleet/summary`)).json()
  const { online, total } = summary as { online: number; total: number }
  if (total !== vehicles) throw new Error(`the server knows ${total} vehicles`)
  return {
    seconds,
    borrowP50: latencies[Math.floor(latencies.length * 0.5)] ?? Number.NaN,
    borrowP99: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
    borrows: latencies.length,
    failed,
    residentMegabytes: Number(await residentMegabytes(server().url)),
    online,
  }
}

/** Resolves when each is connected and its state is durable. */
function connectAll(
  { mqttPort }: RunningServer,
  vehicles: number,
  { spreadMs, failed }: { spreadMs: number; failed: () => void },
): Promise<WireVehicle[]> {
  const one = async (index: number): Promise<WireVehicle> => {
    await wait((index / vehicles) * spreadMs)
    for (;;) {
      try {
        return await inTime(connectVehicle(mqttPort, FLEET_KEY, index + 1))
      } catch {
        failed()
        await wait(RETRY_MS)
      }
    }
  }
  return Promise.all(Array.from({ length: vehicles }, (_, index) => one(index)))
}

function inTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('too late')), ATTEMPT_MS)
    promise.then(resolve, reject).finally(() => clearTimeout(late))
  })
}

interface RunningServer extends Server {
  mqttPort: number
}

async function start(folder: string, dbPath: string): Promise<RunningServer> {
  const server = await startServer(folder, dbPath)
  return { ...server, mqttPort: await mqttPortOf(server.url) }
}

/** A figure that nothing was measured for is no number. */
const shown = (ms: number) => (Number.isNaN(ms) ? '-' : ms.toFixed(1))

/** The lines that the bench prints. */
export function reconnectLines(
  vehicles: number,
  figures: Awaited<ReturnType<typeof reconnectAll>>,
): string[] {
  const { cut, killed } = figures
  const row = (name: string, of: (figure: ReconnectFigures) => string) =>
    `${name.padEnd(46)} ${of(cut).padStart(10)} ${of(killed).padStart(14)}`
  return [
    `${`${vehicles} vehicles lose their connection`.padEnd(46)} ${'lines cut'.padStart(10)} ${'server killed'.padStart(14)}`,
    row(`  s until all are back, and their states durable`, ({ seconds }) => seconds.toFixed(1)),
    row('  borrow meanwhile, p50 ms', ({ borrowP50 }) => shown(borrowP50)),
    row('  borrow meanwhile, p99 ms', ({ borrowP99 }) => shown(borrowP99)),
    row('  attempts to connect that failed', ({ failed }) => String(failed)),
    row('  vehicles online at the end', ({ online }) => String(online)),
    row('  resident memory after it, MB', figure => String(figure.residentMegabytes)),
  ]
}
