/**
 * Thousands of phones in one thread: raw sockets that follow a stream and look for nothing but the frames' ids, so that
 * the clients take as little as possible of the cores that they share with the server.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { isMainThread, parentPort } from 'node:worker_threads'
import { startModule } from '../../src/shared/module-worker.ts'

export interface PhonesFigures {
  connected: number
  /** Frames with a state, of all phones. */
  frames: number
  bytes: number
  /** Different frames that went out, and how often a phone was not sent one that others had. */
  states: number
  missed: number
  /** From the first phone that had a frame to the last one, ms. */
  spreadP50: number
  spreadP99: number
}

export interface ReturnFigures {
  /** Until the last of them had its snapshot, s. */
  seconds: number
  failed: number
  back: number
}

export interface Phones {
  /** Connects so many, a few hundred a second. @returns how many had their first frame */
  open(port: number, path: string, count: number): Promise<number>
  /** Counts from now on for so long. */
  watch(seconds: number): Promise<PhonesFigures>
  /** Cuts all at the same moment; each returns as the page does, after 0.5 to 1.5 s, then 1 to 3 s, and so on. */
  cut(): Promise<ReturnFigures>
  end(): Promise<void>
}

type Order =
  | { do: 'open'; port: number; path: string; count: number }
  | { do: 'watch'; seconds: number }
  | { do: 'cut' }

export function startPhones(): Phones {
  const worker = startModule(new URL(import.meta.url), null)
  const ask = async <T>(order: Order): Promise<T> => {
    const replied = once(worker, 'message')
    worker.postMessage(order)
    const [reply] = await replied
    return reply
  }
  return {
    open: (port, path, count) => ask({ do: 'open', port, path, count }),
    watch: seconds => ask({ do: 'watch', seconds }),
    cut: () => ask({ do: 'cut' }),
    end: async () => void (await worker.terminate()),
  }
}

const CONNECT_AT_ONCE = 20
const FIRST_FRAME_MS = 30_000
const MARK = Buffer.from('\nid: ')
const ID_MAX = 64
/** What came first in the last moments of a watch may still be under way to others. */
const UNDER_WAY_MS = 2000

/** A state that went out: when the first and the last phone had it, and how many had it. */
interface Sighting {
  first: number
  last: number
  phones: number
}

interface Phone {
  socket: Socket | null
  rest: Buffer
  /** Called with its first frame, or without when the connection is over. */
  settled: ((works: boolean) => void) | null
}

const phones: Phone[] = []
let target = { port: 0, path: '' }
let sightings = new Map<string, Sighting>()
let frames = 0
let bytes = 0

/** Resolves with whether there was a first frame. */
function join(phone: Phone): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => socket.destroy(), FIRST_FRAME_MS)
    phone.settled = works => {
      phone.settled = null
      clearTimeout(timer)
      resolve(works)
    }
    const socket = connect(target.port, '127.0.0.1')
    phone.socket = socket
    phone.rest = Buffer.alloc(0)
    socket.on('data', data => take(phone, data))
    socket.on('error', () => {})
    socket.on('close', () => {
      phone.socket = null
      phone.settled?.(false)
    })
    socket.write(`GET ${target.path} HTTP/1.1\r\nHost: phone\r\nAccept: text/event-stream\r\n\r\n`)
  })
}

function take(phone: Phone, data: Buffer) {
  bytes += data.length
  const text = phone.rest.length > 0 ? Buffer.concat([phone.rest, data]) : data
  let from = 0
  for (;;) {
    const at = text.indexOf(MARK, from)
    const end = at < 0 ? -1 : text.indexOf(10, at + MARK.length)
    if (end < 0) break
    see(text.toString('latin1', at + MARK.length, end))
    phone.settled?.(true)
    from = end
  }
  phone.rest = Buffer.from(text.subarray(Math.max(from, text.length - ID_MAX)))
}

function see(id: string) {
  const now = performance.now()
  const known = sightings.get(id)
  frames++
  if (known) {
    known.last = now
    known.phones++
  } else sightings.set(id, { first: now, last: now, phones: 1 })
}

async function open(count: number): Promise<number> {
  let works = 0
  const more = Array.from({ length: count }, () => ({ socket: null, rest: Buffer.alloc(0), settled: null }))
  phones.push(...more)
  const queue = more.values()
  const one = async () => {
    for (const phone of queue) if (await join(phone)) works++
  }
  await Promise.all(Array.from({ length: CONNECT_AT_ONCE }, one))
  return works
}

async function watch(seconds: number): Promise<PhonesFigures> {
  sightings = new Map()
  frames = 0
  bytes = 0
  const from = performance.now()
  await wait(seconds * 1000)
  const connected = phones.filter(({ socket }) => socket !== null).length
  const till = performance.now() - UNDER_WAY_MS
  const whole = [...sightings.values()].filter(({ first }) => first > from + 500 && first < till)
  const spreads = whole.map(({ first, last }) => last - first).toSorted((a, b) => a - b)
  const spread = (share: number) => spreads[Math.floor(spreads.length * share)] ?? Number.NaN
  return {
    connected,
    frames,
    bytes,
    states: sightings.size,
    missed: whole.reduce((sum, state) => sum + Math.max(0, phones.length - state.phones), 0),
    spreadP50: spread(0.5),
    spreadP99: spread(0.99),
  }
}

async function cut(): Promise<ReturnFigures> {
  const from = performance.now()
  let failed = 0
  for (const { socket } of phones) socket?.destroy()
  const comeBack = async (phone: Phone) => {
    for (let failures = 0; failures < 10; failures++) {
      await wait(1000 * 2 ** failures * (0.5 + Math.random()))
      if (await join(phone)) return
      failed++
    }
  }
  await wait(50)
  await Promise.all(phones.map(comeBack))
  const back = phones.filter(({ socket }) => socket !== null).length
  return { seconds: (performance.now() - from) / 1000, failed, back }
}

async function obey(order: Order): Promise<unknown> {
  if (order.do === 'watch') return watch(order.seconds)
  if (order.do === 'cut') return cut()
  target = { port: order.port, path: order.path }
  return open(order.count)
}

if (!isMainThread && parentPort) {
  const port = parentPort
  port.on('message', async (order: Order) => port.postMessage(await obey(order)))
}
