/** Looks at the server while others drive it, and waits until it is at rest when they have gone. */
import { setTimeout as wait } from 'node:timers/promises'
import type { LogFollower } from './log-follower.ts'
import { healed } from './presenter.ts'
import type { Room } from './room.ts'
import { type Sample, takeSample } from './samples.ts'

const TELL_SECONDS = 10
const SETTLE_MS = 90_000
/** Samples of machines come all the time, and are gathered for two seconds. */
const WAITING_MAX = 400

export interface Watching {
  samples: Sample[]
  /** Ends it. Resolves after the last line. */
  stop(): Promise<void>
}

/** Each second a sample, every ten a line. @param startedAt performance.now() when the soak began */
export function startWatching(options: {
  room: Room
  log: LogFollower
  startedAt: number
  /** What else belongs into the line. */
  more: () => string
  progress: (text: string) => void
}): Watching {
  const { room, log, startedAt, more, progress } = options
  const samples: Sample[] = []
  let isOver = false
  async function watch() {
    let toldAt = 0
    let before = 0
    while (!isOver) {
      const sample = await takeSample(room.server, startedAt)
      if (sample) samples.push(sample)
      log.read()
      const elapsed = (performance.now() - startedAt) / 1000
      if (elapsed - toldAt >= TELL_SECONDS) {
        const rate = (room.client.requests - before) / (elapsed - toldAt)
        progress(
          `${Math.round(elapsed)} s: ${rate.toFixed(0)} requests/s, ${more()}, ${sizeOf(samples.at(-1))}`,
        )
        toldAt = elapsed
        before = room.client.requests
      }
      await wait(1000)
    }
    log.read()
  }
  const done = watch()
  return {
    samples,
    stop() {
      isOver = true
      return done
    },
  }
}

const sizeOf = (sample: Sample | undefined): string =>
  sample
    ? `RSS ${sample.rss.toFixed(0)} MB, heap ${sample.heap.toFixed(0)} MB, ${sample.descriptors} descriptors`
    : 'no sample yet'

/** Heals what was broken and waits until nothing of the load is left. @returns what is not as it should be, in time enough */
export async function settled({ room, startedAt }: { room: Room; startedAt: number }): Promise<string[]> {
  const { server, client } = room
  if (server.death !== null) return [server.death]
  const left = await healed(room)
  const until = performance.now() + SETTLE_MS
  for (;;) {
    const problems: string[] = []
    const newest = await takeSample(server, startedAt)
    if (newest?.streams !== 0) problems.push(`${newest?.streams} live streams are open`)
    if (newest?.sockets !== 0) problems.push(`${newest?.sockets} WebSockets are open`)
    const pipeline = (await client.ask('GET', '/estate/pipeline'))?.body
    if (pipeline?.status !== 'healthy') problems.push(`the pipeline is ${pipeline?.status}`)
    for (const { stage, waiting } of pipeline?.stages ?? [])
      if (stage !== 'generator' && waiting > WAITING_MAX) problems.push(`${waiting} wait for ${stage}`)
    if (pipeline?.history !== null) problems.push('the past is not generated')
    if (problems.length === 0 || performance.now() > until) return [...left, ...problems]
    await wait(1000)
  }
}
