import { isMainThread, parentPort, type Worker, workerData } from 'node:worker_threads'
import { startModule } from '../shared/module-worker.ts'
import { codeOf, storageFailure } from './failure.ts'

/**
 * A function that runs in a thread of its own, one call at a time. Calls and answers travel as JSON: for
 * many small objects that costs less than copying them.
 */
export interface Thread<I, O> {
  /** @throws Failure `storage_*` for the store's troubles; any other error is a fault of ours */
  call(input: I): Promise<O>
  close(): Promise<void>
}

interface ThreadError {
  message: string
  stack?: string | undefined
  code?: string | undefined
}

type Reply<O> = { output: O } | { error: ThreadError }

/**
 * Starts the module at `url` in a thread. A thread that dies fails the call under way and is started
 * anew by the next one.
 * @param data handed to the module's `serveThread`
 */
export function startThread<I, O>(url: URL, data: unknown): Thread<I, O> {
  let worker: Worker | undefined
  let pending: { by: Worker; resolve: (output: O) => void; reject: (error: unknown) => void } | undefined

  function settle(by: Worker, reply: Reply<O>) {
    if (pending?.by !== by) return
    const call = pending
    pending = undefined
    if ('output' in reply) call.resolve(reply.output)
    else call.reject(revive(reply.error))
  }

  function died(dead: Worker, error: ThreadError) {
    if (worker === dead) worker = undefined
    settle(dead, { error })
  }

  function start(): Worker {
    const started = startModule(url, data)
    started.on('message', (reply: string) => settle(started, JSON.parse(reply)))
    started.on('error', error => died(started, described(error)))
    started.on('exit', () => died(started, { message: 'the thread stopped', code: 'SQLITE_IOERR' }))
    return started
  }

  return {
    call(input) {
      worker ??= start()
      const by = worker
      return new Promise((resolve, reject) => {
        pending = { by, resolve, reject }
        by.postMessage(JSON.stringify(input))
      })
    },
    async close() {
      const closing = worker
      worker = undefined
      if (!closing) return
      const exited = new Promise(resolve => closing.once('exit', resolve))
      closing.postMessage(null)
      await exited
    },
  }
}

/**
 * Starts the module beside the caller: a source from sources, what was built from it when the caller was built.
 * @param caller its `import.meta.url`
 * @param name of the module, without its ending
 */
export function startThreadBeside<I, O>(caller: string, name: string, data: unknown): Thread<I, O> {
  const extension = caller.slice(caller.lastIndexOf('.'))
  return startThread(new URL(`./${name}${extension}`, caller), data)
}

/** What a thread does with each call, and at its end. */
export interface Served<I, O> {
  handle: (input: I) => O
  close: () => void
}

/** The same on the caller's thread: for tests that own the time. It fails as a thread does. */
export function inlineThread<I, O>({ handle, close }: Served<I, O>): Thread<I, O> {
  return {
    async call(input) {
      try {
        return handle(input)
      } catch (error) {
        throw storageFailure(error as Error) ?? error
      }
    },
    close: async () => close(),
  }
}

/** The thread's side: opens with the first call, answers each with `handle`, and runs `close` at the end. */
export function serveThread<I, O, D>(open: (data: D) => Served<I, O>): void {
  if (isMainThread || !parentPort) return
  const port = parentPort
  let served: ReturnType<typeof open> | undefined
  const answer = (reply: Reply<O>) => port.postMessage(JSON.stringify(reply))
  port.on('message', (input: string | null) => {
    if (input === null) {
      served?.close()
      port.close()
      return
    }
    try {
      served ??= open(workerData as D)
      answer({ output: served.handle(JSON.parse(input)) })
    } catch (error) {
      answer({ error: described(error as Error) })
    }
  })
}

const described = (error: Error): ThreadError => ({
  message: error.message,
  stack: error.stack,
  code: codeOf(error),
})

function revive({ message, stack, code }: ThreadError): Error {
  const error = storageFailure({ code, message }) ?? new Error(message)
  if (stack) error.stack = stack
  return error
}
