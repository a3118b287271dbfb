import type { Worker } from 'node:worker_threads'
import { startModule } from '../shared/module-worker.ts'
import { type LogOutput, linesIn, type OutputObserver, WAITING_MAX_BYTES } from './log-destination.ts'

export interface LokiAddress {
  /** Where Loki is, without the push path and the slash before it. */
  url: string
  user: string | null
  password: string | null
}

/** What the thread tells: text that is done with, delivered or refused, and how deliveries go. */
export type LokiThreadNews =
  | { done: { bytes: number; lines: number; refusedLines: number } }
  | { failing: string }
  | { recovered: true }

export interface LokiObserver extends OutputObserver {
  /** The first push worked after failures. */
  recovered(): void
}

/** A LogOutput, and how much text it holds. */
export interface LokiOutput extends LogOutput {
  readonly waitingBytes: number
}

const CLOSE_MS = 3000
const threadModule = new URL(
  import.meta.url.endsWith('.ts') ? './loki-thread.ts' : './loki-thread.js',
  import.meta.url,
)

/**
 * Pushes log lines to Loki from a thread of its own. While Loki is away the lines wait; what exceeds the
 * bound is dropped and counted, and nothing else notices.
 */
export function lokiOutput(address: LokiAddress, observer: LokiObserver): LokiOutput {
  let worker: Worker | undefined
  let waiting = 0
  let waitingLines = 0

  function start(): Worker {
    const started = startModule(threadModule, address)
    started.unref()
    started.on('message', (news: LokiThreadNews) => {
      if ('failing' in news) observer.failed(news.failing)
      else if ('recovered' in news) observer.recovered()
      else settle(news.done)
    })
    started.on('error', error => observer.failed(error.message))
    started.on('exit', () => {
      if (worker !== started) return
      worker = undefined
      observer.dropped(waitingLines)
      waiting = 0
      waitingLines = 0
    })
    return started
  }

  function settle({ bytes, lines, refusedLines }: Extract<LokiThreadNews, { done: object }>['done']) {
    waiting -= bytes
    waitingLines -= lines
    if (refusedLines > 0) observer.dropped(refusedLines)
  }

  return {
    get waitingBytes() {
      return waiting
    },
    write(lines) {
      if (waiting + lines.length > WAITING_MAX_BYTES) return observer.dropped(linesIn(lines))
      worker ??= start()
      waiting += lines.length
      waitingLines += linesIn(lines)
      worker.postMessage(lines)
    },
    async close() {
      if (!worker) return
      const closing = worker
      worker = undefined
      const exited = new Promise(resolve => closing.once('exit', resolve))
      closing.ref()
      closing.postMessage(null)
      const timer = setTimeout(() => void closing.terminate(), CLOSE_MS)
      await exited
      clearTimeout(timer)
    },
  }
}
