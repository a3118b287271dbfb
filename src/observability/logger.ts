import pino from 'pino'
import { type Clock, rfc3339 } from '../shared/clock.ts'
import { SERVICE } from '../shared/service.ts'
import type { EventName } from './event-names.ts'
import type { LogDestination } from './log-destination.ts'
import { createLogRing, type LogRing } from './log-ring.ts'

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

/** What runs, as every line names it. */
interface RunningRelease {
  version: string
  commit: string
}

export interface Logger extends Log {
  /** From now on every line names this release. */
  runs(release: RunningRelease): void
  /** The newest lines, for who looks on. */
  readonly recent: LogRing
}

export interface LoggerOptions extends RunningRelease {
  level: string
  env: string
  clock: Clock
  to: LogDestination
  /** Counts the lines of one level and event. */
  counterOf: (level: string, event: EventName) => { inc(): void }
}

export function createLogger({ level, version, commit, env, clock, to, counterOf }: LoggerOptions): Logger {
  const recent = createLogRing({ startAt: Math.floor(clock.now() * 1000) })
  const everywhere = {
    write(line: string) {
      recent.add(line)
      to.write(line)
    },
  }
  const loggerOf = (release: RunningRelease) =>
    pino(
      {
        level,
        base: { service: SERVICE, version: release.version, commit: release.commit, env },
        timestamp: timestamps(clock),
        formatters: { level: label => ({ level: label }) },
      },
      everywhere,
    )
  let logger = loggerOf({ version, commit })

  // One child an event: the fields are made into text once, and the fields of a line need no copy.
  // It is made anew by the first line after another release runs.
  function writer(level: Level, event: EventName, fixed?: Fields) {
    let parent = logger
    let child = parent.child({ event, ...fixed })
    const counter = counterOf(level, event)
    if (!parent.isLevelEnabled(level)) return () => {}
    return (message: string, fields?: Fields) => {
      counter.inc()
      if (parent !== logger) {
        parent = logger
        child = parent.child({ event, ...fixed })
      }
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
    runs(release) {
      logger = loggerOf(release)
    },
    recent,
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
