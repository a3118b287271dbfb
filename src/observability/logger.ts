import pino, { type DestinationStream } from 'pino'
import { type Clock, rfc3339 } from '../shared/clock.ts'
import type { EventName } from './event-names.ts'

type Fields = Record<string, string | number | boolean | null | undefined>

/** Writes one JSON line an event. `user` and other free text may be in fields, never in the message. */
export interface Log {
  debug(event: EventName, message: string, fields?: Fields): void
  info(event: EventName, message: string, fields?: Fields): void
  warn(event: EventName, message: string, fields?: Fields): void
  error(event: EventName, message: string, fields?: Fields): void
  /** Resolves when all lines so far have left the process. */
  flush(): Promise<void>
}

export const SERVICE = 'license-server'

export interface LoggerOptions {
  level: string
  version: string
  commit: string
  env: string
  clock: Clock
  /** Where lines go; default: standard output. */
  to?: LogDestination | undefined
  /** A file that gets every line too. */
  file?: string | null
}

export type LogDestination = DestinationStream

export function createLogger({ level, version, commit, env, clock, to, file }: LoggerOptions): Log {
  const logger = pino(
    {
      level,
      base: { service: SERVICE, version, commit, env },
      timestamp: () => `,"time":"${rfc3339(clock.now())}"`,
      formatters: { level: label => ({ level: label }) },
    },
    destination(to, file),
  )
  return {
    debug: (event, message, fields) => logger.debug({ event, ...fields }, message),
    info: (event, message, fields) => logger.info({ event, ...fields }, message),
    warn: (event, message, fields) => logger.warn({ event, ...fields }, message),
    error: (event, message, fields) => logger.error({ event, ...fields }, message),
    flush: () => new Promise(resolve => logger.flush(() => resolve())),
  }
}

const BUFFER_BYTES = 32 * 1024
const FLUSH_MS = 200

/** Lines leave in blocks, at the latest after a moment, so that a slow disk or pipe stops no request. */
function destination(to: LogDestination | undefined, file: string | null | undefined): DestinationStream {
  const buffered = (dest: number | string) =>
    pino.destination({ dest, sync: false, minLength: BUFFER_BYTES, maxWrite: 4 * BUFFER_BYTES, periodicFlush: FLUSH_MS, mkdir: true })
  const main = to ?? buffered(1)
  return file ? pino.multistream([{ stream: main, level: 'trace' }, { stream: buffered(file), level: 'trace' }]) : main
}
