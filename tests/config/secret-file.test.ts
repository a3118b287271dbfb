import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { webhookTokenOf } from '../../src/config/secret-file.ts'
import { StartFailure } from '../../src/shared/errors.ts'
import { temporaryFolder } from '../support/world.ts'

const tokenIn = (file: string) => webhookTokenOf({ token: null, tokenFile: file })

test('a file that is not there is made with its folder, readable for Alertmanager, and nothing is left beside it', () => {
  const folder = join(temporaryFolder(), 'new')
  const token = tokenIn(join(folder, 'token'))
  expect(token).toMatch(/^[\w-]{22}$/)
  expect(readFileSync(join(folder, 'token'), 'utf8')).toBe(token)
  expect(statSync(join(folder, 'token')).mode & 0o777).toBe(0o644)
  expect(readdirSync(folder)).toEqual(['token'])
})

test('a file that is there is read and left as it is, line break and all', () => {
  const file = join(temporaryFolder(), 'token')
  writeFileSync(file, 'given-by-people\n')
  expect(tokenIn(file)).toBe('given-by-people')
  expect(readFileSync(file, 'utf8')).toBe('given-by-people\n')
})

test.each(['', 'short', '  \n'])(
  'a file without a token (%j): a clear message, and it is not written over',
  text => {
    const file = join(temporaryFolder(), 'token')
    writeFileSync(file, text)
    expect(() => tokenIn(file)).toThrow(StartFailure)
    expect(() => tokenIn(file)).toThrow(/at least 8 characters/)
    expect(readFileSync(file, 'utf8')).toBe(text)
  },
)

test('a place that cannot be written: a clear message', () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  expect(() => tokenIn(join(file, 'token'))).toThrow(StartFailure)
})
