/** The generator in a thread of its own, so that what it makes up holds up nobody. */
import type { Worker } from 'node:worker_threads'
import type { FaultKind, FaultNotice, StageReport } from '../../machine/notices.ts'
import { startModule } from '../../shared/module-worker.ts'
import type { HistoryProgress } from './generator.ts'
import type { Span } from './history.ts'

/** What the thread is handed: plain data. */
export interface GeneratorThreadOptions {
  servers: number
  seed: number
  intervalSeconds?: number | undefined
  /** In the whole estate; left out: by its size. */
  faultsPerDay?: number | undefined
  factor?: number | undefined
  /** Unix ms, where `factor` is above 1. */
  startsAt?: number | undefined
  /** To resume it, the same again. */
  history?: readonly Span[] | undefined
  /** Of the broker. */
  url: string
  user: string
  password: string
  /** At the broker and in reports; `user` where it is left out. */
  clientId?: string | undefined
}

export interface GeneratorBesideOptions extends GeneratorThreadOptions {
  report: (report: StageReport) => void
  progress?: (progress: HistoryProgress) => void
  /** The thread died; another is started in a while. */
  failed: (error: Error) => void
}

export interface GeneratorBeside {
  /** @see Generator.inject; `away` while there is no thread that could */
  inject(kind: FaultKind, resource: string, seconds: number): Promise<Injected>
  /** Resolves when the thread is gone. */
  stop(): Promise<void>
}

/** null: it cannot happen to that resource. */
export type Injected = FaultNotice | null | 'away'

export type ThreadHears =
  | { inject: { id: number; kind: FaultKind; resource: string; seconds: number } }
  | 'stop'
export type ThreadSays =
  | { report: StageReport }
  | { progress: HistoryProgress }
  | { injected: { id: number; notice: FaultNotice | null } }

const AGAIN_MS = 5000
/** The thread gives what is under way 5 s, and the connection 2 s. */
const ENDS_WITHIN_MS = 8000

export function runGeneratorBeside(options: GeneratorBesideOptions): GeneratorBeside {
  const { report, progress, failed, ...data } = options
  const asked = new Map<number, (injected: Injected) => void>()
  let number = 0
  let worker: Worker | null = null
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  function hear(said: ThreadSays) {
    if ('report' in said) report(said.report)
    else if ('progress' in said) progress?.(said.progress)
    else {
      asked.get(said.injected.id)?.(said.injected.notice)
      asked.delete(said.injected.id)
    }
  }

  function start() {
    const { url } = import.meta
    const module = new URL(`./generator-thread${url.slice(url.lastIndexOf('.'))}`, url)
    const started = startModule(module, data satisfies GeneratorThreadOptions)
    worker = started
    let why = new Error('the generator’s thread stopped')
    started.on('message', hear)
    started.on('error', error => {
      why = error as Error
    })
    started.once('exit', () => {
      worker = null
      for (const answer of asked.values()) answer('away')
      asked.clear()
      if (stopped) return
      failed(why)
      timer = setTimeout(start, AGAIN_MS)
    })
  }

  start()
  return {
    inject(kind, resource, seconds) {
      const to = worker
      if (!to || stopped) return Promise.resolve('away')
      return new Promise(resolve => {
        const id = ++number
        asked.set(id, resolve)
        to.postMessage({ inject: { id, kind, resource, seconds } } satisfies ThreadHears)
      })
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      const ending = worker
      if (!ending) return
      const exited = new Promise<void>(resolve => ending.once('exit', () => resolve()))
      ending.postMessage('stop' satisfies ThreadHears)
      const late = setTimeout(() => void ending.terminate(), ENDS_WITHIN_MS)
      await exited
      clearTimeout(late)
    },
  }
}
