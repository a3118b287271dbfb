/**
 * A thread that borrows now and then and notes how long it took: it has an event loop of its own, so that it measures
 * the server and not the thousands of clients beside it.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { isMainThread, parentPort } from 'node:worker_threads'
import { startModule } from '../../src/shared/module-worker.ts'

const BORROW_EVERY_MS = 20

export interface BorrowProbe {
  /** Where to borrow from now on. */
  aim(url: string): void
  /** Ends it. @returns how long each borrow took that was answered, in ms */
  stop(): Promise<number[]>
}

export function startBorrowProbe(url: string): BorrowProbe {
  const worker = startModule(new URL(import.meta.url), null)
  worker.postMessage(url)
  return {
    aim: other => worker.postMessage(other),
    stop: () =>
      new Promise((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', reject)
        worker.postMessage(null)
      }),
  }
}

async function probe(port: NonNullable<typeof parentPort>) {
  const took: number[] = []
  let url: string | null = ''
  port.on('message', (message: string | null) => {
    url = message
  })
  while (url !== null) {
    const asked = performance.now()
    const answered = url !== '' && (await borrowed(url))
    if (answered) took.push(performance.now() - asked)
    await wait(BORROW_EVERY_MS)
  }
  port.postMessage(took)
  port.close()
}

/** Whether there was an answer, granted or denied. */
const borrowed = (url: string): Promise<boolean> =>
  fetch(`${url}/licenses/borrow`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tool: 'cad_tool', user: 'alice' }),
  }).then(
    async response => (await response.arrayBuffer()).byteLength > 0,
    () => false,
  )

if (!isMainThread && parentPort) void probe(parentPort)
