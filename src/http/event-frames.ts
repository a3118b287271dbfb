/** The newest frame of each topic: made once for everybody, and kept as the text that is sent. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Clock, rfc3339 } from '../shared/clock.ts'

export interface Topic {
  /** How often it may be made, in ms. A frame that says nothing new is not sent. */
  everyMs: number
  produce: () => Promise<object>
}

export interface Frame {
  seq: number
  /** What was produced, as text; its time is added when it is sent. */
  state: string
  produced: object
  madeAt: number
}

export interface Frames {
  /** One that is at most as old as the topic allows. */
  newest(name: string): Promise<Frame>
  /** One that was made after this was called. All who call in one turn of the event loop share it. */
  fresh(name: string): Promise<Frame>
  /** The frame as it is sent now: it is true at this moment, however long nothing has changed. */
  message(name: string, frame: Frame): Buffer
  /** The same for those who poll. */
  body(frame: Frame): object
}

/** Timers are early or late by a few ms: a frame that is due in so little is due. */
const EARLY_MS = 50

interface Line {
  topic: Topic
  frame: Frame | null
  running: Promise<Frame> | null
  /** One that has not begun to read yet. */
  next: Promise<Frame> | null
  sent: { seq: number; at: string; message: Buffer } | null
}

/** @param boot names this run of the server in the frames' ids */
export function createFrames(topics: Record<string, Topic>, clock: Clock, boot: string): Frames {
  const lines = new Map<string, Line>(
    Object.entries(topics).map(([name, topic]) => [
      name,
      { topic, frame: null, running: null, next: null, sent: null },
    ]),
  )
  let seq = 0

  function lineOf(name: string): Line {
    const line = lines.get(name)
    if (!line) throw new Error(`there is no topic ${name}`)
    return line
  }

  async function make(line: Line): Promise<Frame> {
    const produced = await line.topic.produce()
    const state = JSON.stringify(produced)
    const madeAt = clock.monotonic()
    if (line.frame?.state === state) line.frame.madeAt = madeAt
    else line.frame = { seq: ++seq, state, produced, madeAt }
    return line.frame
  }

  /** One at a time, so that a frame with a higher number is never an older state. */
  function start(line: Line): Promise<Frame> {
    line.next = null
    line.running = make(line).finally(() => {
      line.running = null
    })
    return line.running
  }

  /** Waits for the one under way, whatever becomes of it, then makes another. */
  function queue(line: Line): Promise<Frame> {
    line.next ??= (line.running ?? nextTurn()).then(
      () => start(line),
      () => start(line),
    )
    return line.next
  }

  return {
    async newest(name) {
      const line = lineOf(name)
      const isDue = !line.frame || clock.monotonic() - line.frame.madeAt >= line.topic.everyMs - EARLY_MS
      if (!isDue && line.frame) return line.frame
      return line.next ?? line.running ?? start(line)
    },
    fresh: async name => queue(lineOf(name)),
    message(name, frame) {
      const line = lineOf(name)
      const at = rfc3339(clock.now())
      if (line.sent?.seq !== frame.seq || line.sent.at !== at) {
        const data = frame.state === '{}' ? `{"at":"${at}"}` : `${frame.state.slice(0, -1)},"at":"${at}"}`
        const message = Buffer.from(`event: ${name}\nid: ${boot}-${frame.seq}\ndata: ${data}\n\n`)
        line.sent = { seq: frame.seq, at, message }
      }
      return line.sent.message
    },
    body: ({ produced }) => ({ ...produced, at: rfc3339(clock.now()) }),
  }
}
