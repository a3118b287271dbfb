import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/build.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // On a shared machine a neighbour can stall a real browser or socket for seconds: CI asks once more, and its report
    // names each test that needed it. What is broken fails twice.
    retry: process.env.CI ? 1 : 0,
  },
})
