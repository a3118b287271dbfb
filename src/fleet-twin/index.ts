/** The right lane of the race: a second fleet with its server, in a thread, on a clock that runs faster. The only door. */
import type { Worker } from 'node:worker_threads'
import { startModule } from '../shared/module-worker.ts'
import type { FleetTwin, TwinOptions, TwinProgress } from './api.ts'
import { temporaryFolder } from './temporary-folder.ts'
import type { TwinThreadSays } from './twin-thread.ts'

export type { FleetTwin, TwinOptions, TwinProgress, TwinStep, TwinStepName } from './api.ts'
export { twinSteps } from './api.ts'
export { type Assumption, assumptions } from './process-times.ts'
export { runTwin } from './run-twin.ts'

/** A thread that does not end by itself by then is ended. */
const ENDS_WITHIN_MS = 800

/** Starts it in a thread of its own. It never throws: what goes wrong, also at the start, is told to `onFailure`. */
export function startFleetTwin(options: TwinOptions): FleetTwin {
  const progressListeners: ((progress: TwinProgress) => void)[] = []
  const failureListeners: ((error: Error) => void)[] = []
  let over = false
  let ending: Promise<void> | undefined
  let thread: Thread | undefined

  function fail(error: Error) {
    if (over) return
    over = true
    void end()
    for (const listener of failureListeners) listener(error)
  }

  function hear(said: TwinThreadSays) {
    if (over) return
    if ('failure' in said) return fail(new Error(said.failure))
    over = said.progress.done
    if (over) void end()
    for (const listener of progressListeners) listener(said.progress)
  }

  const end = () => (ending ??= thread?.end() ?? Promise.resolve())
  try {
    thread = startThread(options, hear, fail)
  } catch (error) {
    // Who started it has not said yet who listens.
    setImmediate(fail, error as Error)
  }

  return {
    onProgress: listener => void progressListeners.push(listener),
    onFailure: listener => void failureListeners.push(listener),
    async stop() {
      over = true
      await end()
    },
  }
}

interface Thread {
  /** Resolves when it is gone and left nothing behind. */
  end(): Promise<void>
}

function startThread(
  options: TwinOptions,
  hear: (said: TwinThreadSays) => void,
  fail: (error: Error) => void,
): Thread {
  const folder = temporaryFolder()
  let worker: Worker
  try {
    // A source from sources, what was built from it when this was built.
    const { url } = import.meta
    const module = new URL(`./twin-thread${url.slice(url.lastIndexOf('.'))}`, url)
    worker = startModule(module, { options, folder: folder.path })
  } catch (error) {
    folder.remove()
    throw error
  }
  const exited = new Promise<void>(resolve => worker.once('exit', () => resolve()))
  worker.on('message', hear)
  worker.on('error', fail)
  worker.once('exit', () => fail(new Error('the thread of the fleet’s twin stopped')))
  return {
    async end() {
      worker.postMessage('stop')
      const timer = setTimeout(() => void worker.terminate(), ENDS_WITHIN_MS)
      await exited
      clearTimeout(timer)
      folder.remove()
    },
  }
}
