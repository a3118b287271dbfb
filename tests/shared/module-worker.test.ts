import { once } from 'node:events'
import type { ResourceLimits } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { startModule } from '../../src/shared/module-worker.ts'

test('a thread keeps no more than 24 MB of short-lived objects, whatever its Node would let it have', async () => {
  const worker = startModule(new URL('limits-module.ts', import.meta.url), null)
  onTestFinished(() => worker.terminate().then(() => {}))
  const [limits] = (await once(worker, 'message')) as [ResourceLimits]
  expect(limits.maxYoungGenerationSizeMb).toBe(24)
})
