/** Follows the server's log file over its renamings, and keeps what may be a finding. */
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { isExpectedError, isProvoked, type LogLine } from './explain.ts'

export interface LogFollower {
  /** Reads what came since. */
  read(): void
  readonly lines: number
  readonly renamings: number
  /** Lines that are no JSON: a process that is killed may leave one. */
  readonly broken: number
  /** Request ids of borrows that the fault "errors" made fail. */
  readonly provoked: ReadonlySet<string>
  readonly expectedErrors: number
  /** Of level error or worse, and nobody brought them about. */
  readonly errors: readonly string[]
  readonly warnings: ReadonlyMap<string, number>
  close(): void
}

const ERRORS_MAX = 100
const BAD = new Set(['error', 'fatal'])

export function followLog(path: string): LogFollower {
  let file: number | null = null
  let rest = ''
  let lines = 0
  let renamings = 0
  let broken = 0
  let expectedErrors = 0
  const provoked = new Set<string>()
  const errors: string[] = []
  const warnings = new Map<string, number>()
  const chunk = Buffer.alloc(1024 * 1024)
  const decoder = new TextDecoder()

  function take(text: string) {
    lines++
    // Most lines are not looked at: reading them all would take more than the server.
    if (text.startsWith('{"level":"info"') && text.endsWith('}')) return
    let line: LogLine
    try {
      line = JSON.parse(text)
    } catch {
      broken++
      return
    }
    if (line.level === 'warn') warnings.set(line.event, (warnings.get(line.event) ?? 0) + 1)
    if (!BAD.has(line.level)) return
    if (isProvoked(line)) provoked.add(line.request_id ?? '')
    if (isExpectedError(line)) expectedErrors++
    else if (errors.length < ERRORS_MAX) errors.push(text.slice(0, 600))
  }

  function toEnd(from: number) {
    for (let bytes = readSync(from, chunk); bytes > 0; bytes = readSync(from, chunk)) {
      const parts = (rest + decoder.decode(chunk.subarray(0, bytes), { stream: true })).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) take(part)
    }
  }

  return {
    read() {
      if (file === null) {
        if (!existsSync(path)) return
        file = openSync(path, 'r')
      }
      toEnd(file)
      if (existsSync(path) && statSync(path).ino !== fstatSync(file).ino) {
        toEnd(file)
        closeSync(file)
        renamings++
        file = openSync(path, 'r')
        toEnd(file)
      }
    },
    get lines() {
      return lines
    },
    get renamings() {
      return renamings
    },
    get broken() {
      return broken
    },
    provoked,
    get expectedErrors() {
      return expectedErrors
    },
    errors,
    warnings,
    close: () => void (file !== null && closeSync(file)),
  }
}
