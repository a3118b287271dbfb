import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { isTogether, LongestFirst } from './tests/support/order.ts'

const together = readdirSync(new URL('tests', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.test.ts') && isTogether(path))
  .map(path => `tests/${path}`)

const common = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  pool: 'forks',
  maxWorkers: 2,
  // On a shared machine a neighbour can stall a real browser or socket for seconds: CI asks once more, and its report
  // names each test that needed it. What is broken fails twice.
  retry: process.env.CI ? 1 : 0,
} as const

export default defineConfig({
  test: {
    globalSetup: ['tests/support/build.ts'],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...common, name: 'apart', include: ['tests/**/*.test.ts'], exclude: together } },
      { test: { ...common, name: 'together', include: together, isolate: false } },
    ],
  },
})
