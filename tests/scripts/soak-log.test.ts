import { appendFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isExpectedError } from '../../scripts/soak/explain.ts'
import { followLog } from '../../scripts/soak/log-follower.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('the log', () => {
  const said = (level: string, event: string, more = {}) =>
    `${JSON.stringify({ level, event, msg: 'x', ...more })}\n`
  const provoked = { error: 'the fault "errors" made this borrow fail', request_id: 'r1' }

  test('errors that nobody brought about are kept, over a renaming, in pieces', () => {
    const path = join(temporaryFolder(), 'server.log')
    const log = followLog(path)
    log.read()
    const error = said('error', 'storage_failed')
    writeFileSync(path, `${said('info', 'borrow_license')}${error.slice(0, 20)}`)
    log.read()
    appendFileSync(path, `${error.slice(20)}${said('error', 'internal_error', provoked)}`)
    renameSync(path, `${path}.1`)
    writeFileSync(path, `${said('warn', 'sequence_gap')}${said('error', 'frontend_error')}{"half\n`)
    log.read()
    log.close()
    expect(log).toMatchObject({ lines: 6, renamings: 1, broken: 1, expectedErrors: 2 })
    expect(log.errors).toEqual([error.trimEnd()])
    expect(log.provoked).toEqual(new Set(['r1']))
    expect(log.warnings).toEqual(new Map([['sequence_gap', 1]]))
  })

  test('an internal error with another cause is a finding', () => {
    const line = { level: 'error', event: 'internal_error', msg: 'a request failed', error: 'x is undefined' }
    expect(isExpectedError(line)).toBe(false)
    expect(isExpectedError({ ...line, ...provoked })).toBe(true)
  })
})
