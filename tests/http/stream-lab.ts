/** Streams over connections whose readers can stop reading, under a clock that is moved by hand. */
import { EventEmitter } from 'node:events'
import { vi } from 'vitest'
import type { AppContext } from '../../src/http/context.ts'
import { createEventStreams } from '../../src/http/event-streams.ts'
import type { Pace } from '../../src/http/stream-client.ts'
import { fakeClock } from '../support/fake-clock.ts'

/** A connection whose reader can stop reading. */
class SlowResponse extends EventEmitter {
  written: string[] = []
  writableNeedDrain = false
  writableLength = 0
  destroyed = false
  writeHead() {
    return this
  }
  write(chunk: string | Buffer) {
    this.written.push(String(chunk))
    return !this.writableNeedDrain
  }
  end(chunk: string) {
    this.written.push(chunk)
  }
  destroy() {
    this.destroyed = true
    this.emit('close')
  }
  stopReading(waiting: number) {
    this.writableNeedDrain = true
    this.writableLength = waiting
  }
  readOn() {
    this.writableNeedDrain = false
    this.writableLength = 0
    this.emit('drain')
  }
  /** The states that it was sent, in order. */
  get states(): number[] {
    return this.written.flatMap(text =>
      [...text.matchAll(/^data: (\{"state".*)$/gm)].map(([, data]) => JSON.parse(data ?? '').state),
    )
  }
}

interface Visit {
  every?: Pace
  topics?: string[]
  hangsUp?: boolean
}

/** Call it in a test whose timers are fake: see `fakeTimers`. */
export async function lab() {
  const clock = fakeClock()
  const observer = { sent: vi.fn(), dropped: vi.fn(), failed: vi.fn() }
  let state = 0
  let fails = false
  const produce = vi.fn(async () => {
    if (fails) throw new Error('no state today')
    return { state }
  })
  const other = vi.fn(async () => ({ other: 'the same' }))
  const streams = createEventStreams({
    topics: { numbers: { everyMs: 250, produce }, other: { everyMs: 250, produce: other } },
    clock,
    random: { next: () => 0.5 },
    observer,
  })
  const connect = async ({ every, topics = ['numbers'], hangsUp = false }: Visit = {}) => {
    const response = new SlowResponse()
    if (hangsUp) response.destroy()
    const facts = { requestId: 'r', stamped: false }
    const c = {
      env: { outgoing: response },
      req: { header: () => undefined },
      get: () => facts,
      var: { facts },
    }
    await streams.open(c as unknown as AppContext, topics, every)
    return response
  }
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 250) {
      clock.advance(250)
      await vi.advanceTimersByTimeAsync(250)
    }
  }
  const change = async (to: number) => {
    state = to
    await pass(250)
  }
  const fail = (now: boolean) => {
    fails = now
  }
  return { clock, streams, observer, produce, other, connect, change, pass, fail }
}

/** Timers move by hand; turns of the event loop do not. */
export const fakeTimers = () =>
  void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] })
