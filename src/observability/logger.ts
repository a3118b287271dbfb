import pino, { type Logger } from 'pino'
import { type Clock, rfc3339 } from '../shared/clock.ts'
import { type EventName, eventNames } from './event-names.ts'
import type { LogDestination } from './log-destination.ts'

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

export const SERVICE = 'license-server'

export interface LoggerOptions {
  level: string
  version: string
  commit: string
  env: string
  clock: Clock
  to: LogDestination
}

export function createLogger({ level, version, commit, env, clock, to }: LoggerOptions): Log {
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
  const children = Object.fromEntries(eventNames.map(event => [event, logger.child({ event })])) as Record<
    EventName,
    Logger
  >
  return {
    debug: (event, message, fields) => children[event].debug(fields, message),
    info: (event, message, fields) => children[event].info(fields, message),
    warn: (event, message, fields) => children[event].warn(fields, message),
    error: (event, message, fields) => children[event].error(fields, message),
    prepared(event, message, fixed) {
      const child = children[event].child(fixed)
      return fields => child.info(fields, message)
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
