/**
 * A thread that borrows so often a second, whatever the answers take: each is timed from when it was due, so a server that
 * stalls is seen by all that were due meanwhile and not by one.
 */
import { Agent, request } from 'node:http'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { startModule } from '../../src/shared/module-worker.ts'

export interface BorrowFigures {
  answered: number
  failed: number
  p50: number
  p95: number
  p99: number
  max: number
}

export interface Borrows {
  /** Ends it. */
  stop(): Promise<BorrowFigures>
}

export function startBorrows(url: string, perSecond: number): Borrows {
  const worker = startModule(new URL(import.meta.url), { url, perSecond })
  return {
    stop: () =>
      new Promise((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', reject)
        worker.postMessage('stop')
      }),
  }
}

const body = JSON.stringify({ tool: 'cad_tool', user: 'alice' })
const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** Resolves with whether it was granted. */
const borrow = (url: string): Promise<boolean> =>
  new Promise(resolve => {
    const asked = request(`${url}/licenses/borrow`, { method: 'POST', headers, agent }, response => {
      response.resume()
      response.on('end', () => resolve(response.statusCode === 200))
    })
    asked.on('error', () => resolve(false))
    asked.end(body)
  })

function run({ url, perSecond }: { url: string; perSecond: number }, port: NonNullable<typeof parentPort>) {
  const took: number[] = []
  const underWay = new Set<Promise<void>>()
  const from = performance.now()
  let failed = 0
  let sent = 0
  async function one(due: number) {
    if (await borrow(url)) took.push(performance.now() - due)
    else failed++
  }
  const timer = setInterval(() => {
    const now = performance.now()
    for (let due = from + (sent * 1000) / perSecond; due <= now; due = from + (sent * 1000) / perSecond) {
      sent++
      const going = one(due).finally(() => underWay.delete(going))
      underWay.add(going)
    }
  }, 2)
  port.once('message', async () => {
    clearInterval(timer)
    await Promise.all(underWay)
    const sorted = took.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
    const figures: BorrowFigures = {
      answered: sorted.length,
      failed,
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
      max: sorted.at(-1) ?? Number.NaN,
    }
    port.postMessage(figures)
    port.close()
    agent.destroy()
  })
}

if (!isMainThread && parentPort) run(workerData, parentPort)
