/** The newest log lines as everybody may see them: some of the lines, and of those some fields. */
import type { LogRing } from '../observability/log-ring.ts'
import { LOG_PATH, type LogLine, type LogQuery, type LogReply, logLevels, logLine, SHOWN_MAX } from './api.ts'

type Fields = Record<string, unknown>

const publicNames = Object.keys(logLine.shape).filter(name => name !== 'seq')
const isWord = (value: unknown) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value)

/** @returns the newest lines that match, at most `query.limit` */
export function tailOf(ring: LogRing, query: LogQuery): LogReply {
  const isAskedFor = matcherOf(query)
  const { limit } = query
  // A number above ours is of another log.
  const after = query.after !== undefined && query.after <= ring.last ? query.after : undefined
  const lines: LogLine[] = []
  let more = false
  for (const { seq, text } of ring.newest(after)) {
    const line = isAskedFor(text)
    if (!line) continue
    more = lines.length === limit
    if (more) break
    lines.push(shapeOf(line, seq))
  }
  return { lines, last: ring.last, more, skipped: after === undefined ? 0 : ring.gone(after) }
}

/** A text without the value that is sought is not taken apart: most are not. */
function matcherOf({ level, event, tool, version, request_id }: LogQuery): (text: string) => Fields | null {
  const wanted = Object.entries({ event, tool, version, request_id }).filter(
    ([, value]) => value !== undefined,
  )
  const written = wanted.map(([, value]) => JSON.stringify(value))
  const levels: readonly string[] = level ? logLevels.slice(logLevels.indexOf(level)) : logLevels
  const levelsWritten = levels.map(name => `"level":"${name}"`)
  return text => {
    if (!levelsWritten.some(part => text.includes(part))) return null
    if (!written.every(part => text.includes(part))) return null
    const line: Fields = JSON.parse(text)
    if (!levels.includes(String(line.level)) || isOwn(line)) return null
    return wanted.every(([name, value]) => line[name] === value) ? line : null
  }
}

/** A page that follows asks each second: the tail would be full of itself. */
const isOwn = ({ event, route, status }: Fields) =>
  event === 'http_request' && route === LOG_PATH && status === 200

function shapeOf(line: Fields, seq: number): LogLine {
  const shown: Fields = { seq }
  for (const name of publicNames) {
    const value = line[name]
    if (name === 'reason' && !isWord(value)) continue
    if (typeof value === 'string') shown[name] = value.slice(0, SHOWN_MAX).toWellFormed()
    else if (typeof value === 'number' || typeof value === 'boolean') shown[name] = value
  }
  return shown as unknown as LogLine
}
