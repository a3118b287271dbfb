import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { temporaryFolder } from '../support/world.ts'
import { aTwin } from './twin.ts'

let folder = ''
beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('TMPDIR', folder)
  return () => vi.unstubAllEnvs()
})

test('stopped in the middle it leaves nothing behind, and tells nothing more', async () => {
  const { twin, told, failures } = aTwin()
  await expect.poll(() => told.length, { timeout: 20_000 }).toBeGreaterThan(1)
  expect(readdirSync(folder)).toHaveLength(1)
  await twin.stop()
  expect(readdirSync(folder)).toEqual([])
  const { length } = told
  await twin.stop()
  expect(told).toHaveLength(length)
  expect(told.some(({ done }) => done)).toBe(false)
  expect(failures).toEqual([])
})

test('stopped before it began it leaves nothing behind either', async () => {
  const { twin, told } = aTwin()
  await twin.stop()
  expect(readdirSync(folder)).toEqual([])
  expect(told).toEqual([])
})

test('a database that is lost on the way is told once, and nothing after it', async () => {
  const { twin, told, failures } = aTwin()
  await expect.poll(() => told.length, { timeout: 20_000 }).toBeGreaterThan(0)
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
  await expect.poll(() => failures.length, { timeout: 20_000 }).toBe(1)
  expect(failures[0]?.message).toContain('gone')
  const { length } = told
  await twin.stop()
  expect(told).toHaveLength(length)
  expect(failures).toHaveLength(1)
  expect(readdirSync(folder)).toEqual([])
})

test('a fleet that cannot be made is told, and does no harm', async () => {
  const { twin, failures, ended } = aTwin({}, { folder: join(folder, 'nowhere') })
  await expect(ended).rejects.toThrow('does not exist')
  await twin.stop()
  expect(failures).toHaveLength(1)
})
