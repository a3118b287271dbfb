import pino from 'pino'
import { type Clock, rfc3339 } from '../shared/clock.ts'
import { SERVICE } from '../shared/service.ts'
import type { EventName } from './event-names.ts'
import type { LogDestination } from './log-destination.ts'

type Level = 'debug' | 'info' | 'warn' | 'error'
type Fields = Record<string, string | number | boolean | null | undefined>

/** Writes one JSON line an event. `user` and other free text may be in fields, never in the message. */
export interface Log {
  debug(event: EventName, message: string, fields?: Fields): void
  info(event: EventName, message: string, fields?: Fields): void
  warn(event: EventName, message: string, fields?: Fields): void
  error(event: EventName, message: string, fields?: Fields): void
  /** A line whose event, message and first fields are always the same: they are made into text once. */
  prepared(event: EventName, message: string, fixed: Fields): (fields: Fields) => void
  /** Resolves when all lines have left the process, or cannot. Nothing is logged after it. */
  close(): Promise<void>
}

export interface LoggerOptions {
  level: string
  version: string
  commit: string
  env: string
  clock: Clock
  to: LogDestination
  /** Counts the lines of one level and event. */
  counterOf: (level: string, event: EventName) => { inc(): void }
}

export function createLogger({ level, version, commit, env, clock, to, counterOf }: LoggerOptions): Log {
  const logger = pino(
    {
      level,
      base: { service: SERVICE, version, commit, env },
      timestamp: timestamps(clock),
      formatters: { level: label => ({ level: label }) },
    },
    to,
  )
  // One child an event: the field is made into text once, and the fields of a line need no copy.
  function writer(level: Level, event: EventName, fixed?: Fields) {
    const child = logger.child({ event, ...fixed })
    const counter = counterOf(level, event)
    if (!logger.isLevelEnabled(level)) return () => {}
    return (message: string, fields?: Fields) => {
      counter.inc()
      child[level](fields, message)
    }
  }

  function at(level: Level): Log[Level] {
    const writers = new Map<EventName, ReturnType<typeof writer>>()
    return (event, message, fields) => {
      let write = writers.get(event)
      if (!write) {
        write = writer(level, event)
        writers.set(event, write)
      }
      write(message, fields)
    }
  }

  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    prepared(event, message, fixed) {
      const write = writer('info', event, fixed)
      return fields => write(message, fields)
    },
    close: async () => to.close?.(),
  }
}

/** Many lines share a millisecond: its text is made once. */
function timestamps(clock: Clock): () => string {
  let last = Number.NaN
  let text = ''
  return () => {
    const now = clock.now()
    if (now !== last) {
      last = now
      text = `,"time":"${rfc3339(now)}"`
    }
    return text
  }
}
