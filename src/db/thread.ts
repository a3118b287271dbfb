import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { storageFailure } from './failure.ts'

/** A function that runs in a thread of its own, one call at a time. */
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
    // TypeScript sources (tests, development) need their loader in the thread too.
    const execArgv = url.pathname.endsWith('.ts') ? ['--import', 'tsx'] : []
    const started = new Worker(url, { workerData: data, execArgv })
    started.on('message', reply => settle(started, reply))
    started.on('error', ({ message, stack }) => died(started, { message, stack }))
    started.on('exit', () => died(started, { message: 'the thread stopped', code: 'SQLITE_IOERR' }))
    return started
  }

  return {
    call(input) {
      worker ??= start()
      const by = worker
      return new Promise((resolve, reject) => {
        pending = { by, resolve, reject }
        by.postMessage(input)
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

/** The thread's side: answers each call with `handle`, and runs `close` at the end. */
export function serveThread<I, O, D>(
  open: (data: D) => { handle: (input: I) => O; close: () => void },
): void {
  if (isMainThread || !parentPort) return
  const port = parentPort
  const { handle, close } = open(workerData as D)
  port.on('message', (input: I | null) => {
    if (input === null) {
      close()
      port.close()
      return
    }
    try {
      port.postMessage({ output: handle(input) } satisfies Reply<O>)
    } catch (error) {
      const { message, stack, code } = error as Error & { code?: string }
      port.postMessage({ error: { message, stack, code } } satisfies Reply<O>)
    }
  })
}

function revive({ message, stack, code }: ThreadError): Error {
  const error = storageFailure(code) ?? new Error(message)
  error.cause = message
  if (stack) error.stack = stack
  return error
}
