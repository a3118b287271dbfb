/**
 * The thread that pushes log lines. pino-loki makes entries of them; this module decides what reaches it and
 * how its requests travel: one batch at a time, tried again until Loki takes or refuses it.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { type LokiOptions, pinoLoki } from 'pino-loki'
import { SERVICE } from '../shared/service.ts'
import { linesIn } from './log-destination.ts'
import { entriesIn, persistent } from './loki-delivery.ts'
import type { LokiAddress, LokiThreadNews } from './loki-push.ts'

/** Fields of a line that become labels; their values are closed sets. */
const LABELS = ['level', 'event', 'env', 'service_name'] as const

const BATCH_MAX_BYTES = 512 * 1024
const BATCH_EVERY_SECONDS = 0.2

/** One line as pino-loki wants it: its labels, its time in nanoseconds, and the line itself, unchanged. */
function envelopeOf(line: string): Record<string, string> {
  const { time, level, event, env, service } = JSON.parse(line)
  return { time: `${Date.parse(time)}000000`, level, event, env, service_name: service, line }
}

function serve({ url, user, password }: LokiAddress, tell: (news: LokiThreadNews) => void) {
  const queue: string[] = []
  let underWay: { bytes: number; lines: number; refusedLines: number; left: number } | undefined
  let isClosing = false

  const settled = (entries: number) => {
    if (!underWay) return
    underWay.left -= entries
    if (underWay.left > 0) return
    const { left: _, ...done } = underWay
    underWay = undefined
    tell({ done })
    next()
  }
  const send = persistent(fetch, {
    failing: reason => tell({ failing: reason }),
    recovered: () => tell({ recovered: true }),
    refused(lines, reason) {
      if (underWay) underWay.refusedLines += lines
      tell({ failing: reason })
    },
  })
  // The library makes its requests with the global fetch, and forgets a batch whose request failed.
  globalThis.fetch = async (target, request = {}) => {
    const response = await send(target as URL, request)
    settled(entriesIn(String(request.body)))
    return response
  }
  const options: LokiOptions = {
    // With a slash at its end: else the last part of a path is replaced by the push path.
    host: `${url}/`,
    labels: { job: SERVICE },
    propsToLabels: [...LABELS],
    logFormat: entry => String(entry.line),
    structuredMetaKey: false,
    silenceErrors: true,
    batching: { interval: BATCH_EVERY_SECONDS, maxBufferSize: 0 },
    ...(user !== null && { basicAuth: { username: user, password: password ?? '' } }),
  }
  const loki = pinoLoki(options)

  function next() {
    if (underWay) return
    if (queue.length === 0) {
      if (isClosing) process.exit()
      return
    }
    let text = ''
    while (queue.length > 0 && (text === '' || text.length + (queue[0] as string).length <= BATCH_MAX_BYTES))
      text += queue.shift()
    const lines = linesIn(text)
    underWay = { bytes: text.length, lines, refusedLines: 0, left: lines }
    for (const line of text.split('\n')) if (line !== '') loki.write(`${JSON.stringify(envelopeOf(line))}\n`)
  }

  return {
    push(lines: string) {
      queue.push(lines)
      next()
    },
    close() {
      isClosing = true
      next()
    },
  }
}

if (!isMainThread && parentPort) {
  const port = parentPort
  const pusher = serve(workerData as LokiAddress, news => port.postMessage(news))
  port.on('message', (lines: string | null) => (lines === null ? pusher.close() : pusher.push(lines)))
}
