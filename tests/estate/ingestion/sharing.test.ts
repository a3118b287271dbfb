import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { connectAsync } from 'mqtt'
import { expect, onTestFinished, test } from 'vitest'
import { openDirectoryLake } from '../../../src/estate/lake/directory-lake.ts'
import { estateClients, estatePassword } from '../../../src/machine/credentials.ts'
import { rfc3339, systemClock } from '../../../src/shared/clock.ts'
import { killableMosquitto } from '../../fleet/bad-days/mosquitto.ts'
import { isOnPath } from '../../support/on-path.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { waitFor } from '../../support/wait-for.ts'
import { FLEET_KEY } from '../../support/world.ts'
import { keysOf } from '../lake/lakes.ts'
import { linesOf, server } from './world.ts'

const SAMPLES = 3000
const script = fileURLToPath(new URL('sharing-process.ts', import.meta.url))

async function started(folder: string, url: string, name: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, url, FLEET_KEY, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

test.skipIf(!isOnPath('mosquitto'))(
  'two ingestions share a broker, one is killed again and again, and every sample is in the lake',
  async () => {
    const broker = await killableMosquitto(
      1,
      estateClients.map(client => [client, estatePassword(FLEET_KEY, client)] as const),
    )
    const folder = temporaryFolder()
    await started(folder, broker.url, '')
    let second = await started(folder, broker.url, '2')
    const name = 'estate-generator'
    const generator = await connectAsync(broker.url, {
      clientId: name,
      username: name,
      password: estatePassword(FLEET_KEY, name),
    })
    onTestFinished(() => generator.endAsync(true))
    for (let seq = 0; seq < SAMPLES; seq++) {
      const sample = server(seq, { timestamp: rfc3339(systemClock.now()) })
      await generator.publishAsync('estate/server', JSON.stringify(sample), { qos: 1 })
      if (seq % 1000 === 700) {
        second.kill('SIGKILL')
        await once(second, 'close')
      }
      if (seq % 1000 === 900) second = await started(folder, broker.url, '2')
    }
    const lake = await openDirectoryLake(folder, systemClock)
    const numbers = new Set<number>()
    const read = new Set<string>()
    await waitFor(async () => {
      for (const key of (await keysOf(lake)).filter(one => !read.has(one))) {
        read.add(key)
        for (const line of await linesOf([(await lake.get(key)) as Buffer]))
          if ('sample' in line) numbers.add(Number(line.sample.seq))
      }
      return numbers.size === SAMPLES
    }, 30_000)
    expect(numbers.size).toBe(SAMPLES)
  },
  120_000,
)
