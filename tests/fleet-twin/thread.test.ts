import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { TwinOptions, TwinProgress } from '../../src/fleet-twin/api.ts'
import type { startFleetTwin } from '../../src/fleet-twin/index.ts'
import { temporaryFolder } from '../support/world.ts'

const built = new URL('../../dist/fleet-twin/index.js', import.meta.url)
const start: typeof startFleetTwin = (await import(built.href)).startFleetTwin

let folder = ''
beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('TMPDIR', folder)
  return () => vi.unstubAllEnvs()
})

function aThread(options: Partial<TwinOptions> = {}) {
  const twin = start({ vehicles: 10, seed: 1, factor: 14_400, fromMs: 0, ...options })
  onTestFinished(() => twin.stop())
  const told: TwinProgress[] = []
  const failures: Error[] = []
  twin.onProgress(progress => void told.push(progress))
  twin.onFailure(error => void failures.push(error))
  return { twin, told, failures }
}

test('in its thread it tells how far it is, and is gone without a trace when it is stopped', async () => {
  const { twin, told, failures } = aThread()
  await expect.poll(() => told.length, { timeout: 20_000 }).toBeGreaterThan(2)
  expect(told[0]).toMatchObject({ vehicles: 10, done: false, steps: [{ name: 'firmware_out', at_ms: 0 }] })
  await twin.stop()
  expect(readdirSync(folder)).toEqual([])
  const { length } = told
  await twin.stop()
  expect([told.length, failures]).toEqual([length, []])
})

test('stopped while it starts it is gone as well', async () => {
  const { twin, told } = aThread()
  await twin.stop()
  expect(readdirSync(folder)).toEqual([])
  expect(told).toEqual([])
})

test('what goes wrong in the thread is told once, and the program lives on', async () => {
  const { twin, told, failures } = aThread()
  await expect.poll(() => told.length, { timeout: 20_000 }).toBeGreaterThan(0)
  for (const name of readdirSync(folder))
    for (const file of readdirSync(join(folder, name))) rmSync(join(folder, name, file))
  await expect.poll(() => failures.length, { timeout: 20_000 }).toBe(1)
  expect(failures[0]?.message).toContain('gone')
  const { length } = told
  await twin.stop()
  expect([told.length, failures.length]).toEqual([length, 1])
  expect(readdirSync(folder)).toEqual([])
})
