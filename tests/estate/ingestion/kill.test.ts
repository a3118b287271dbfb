import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openDirectoryLake } from '../../../src/estate/lake/directory-lake.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { seededRandom } from '../../../src/shared/random.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { waitFor } from '../../support/wait-for.ts'
import { keysOf } from '../lake/lakes.ts'
import { linesOf } from './world.ts'

const ROUNDS = 6
const script = fileURLToPath(new URL('ingesting-process.ts', import.meta.url))

/** Lets an ingestion run until it took so many samples and a moment longer, then kills it. */
async function killed(folder: string, boot: string, again: string[], moreMs: number) {
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, boot, `[${again.join(',')}]`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  child.stdout.setEncoding('utf8').on('data', part => {
    text += part
  })
  const closed = once(child, 'close')
  const words = (what: string) =>
    text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(line => line.startsWith(what))
      .map(line => line.slice(what.length + 1))
  await waitFor(() => words('taken').length > again.length + 300, 30_000)
  await wait(moreMs)
  child.kill('SIGKILL')
  await closed
  return { sent: new Set(words('sent')), taken: new Set(words('taken')) }
}

test('what was taken is in the lake after kill -9 at any moment, and twice only what had to be sent again', async () => {
  const folder = temporaryFolder()
  const chance = seededRandom(7)
  const taken = new Set<string>()
  const sentAgain = new Set<string>()
  let open: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const run = await killed(folder, `boot-${round}`, open, chance.next() * 60)
    for (const number of run.taken) taken.add(number)
    open = [...run.sent].filter(number => !run.taken.has(number))
    for (const number of open) sentAgain.add(number)

    const lake = await openDirectoryLake(folder, systemClock)
    const bodies: Buffer[] = []
    for (const key of await keysOf(lake)) bodies.push((await lake.get(key)) as Buffer)
    const times = new Map<string, number>()
    // Each object is whole: `linesOf` throws at one that is not.
    for (const line of await linesOf(bodies)) {
      const { boot, seq } = ('sample' in line ? line.sample : {}) as { boot: string; seq: number }
      const number = JSON.stringify([boot, seq])
      times.set(number, (times.get(number) ?? 0) + 1)
    }
    expect([...taken].filter(number => !times.has(number))).toEqual([])
    const twice = [...times].filter(([, count]) => count > 1).map(([number]) => number)
    expect(twice.filter(number => !sentAgain.has(number))).toEqual([])
  }
  expect(taken.size).toBeGreaterThan(ROUNDS * 300)
}, 180_000)
