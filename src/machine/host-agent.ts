/** Reads this machine every half minute and publishes what it says, one reading at a time. */
import type { SampleMessage } from './samples.ts'
import { HOST_INTERVAL_SECONDS, type HostReader, type ServiceFigures } from './this-host.ts'
import { type ResourceKind, sampleTopic } from './topics.ts'

/** A broker that does not answer counts as one that is away. */
const PUBLISH_MS = 20_000
/** Until the first reading: load is measured over some time. */
const FIRST_MS = 1000

export interface HostAgentOptions {
  reader: HostReader
  /** What the program counted since the last call; null: nothing. */
  figures: () => ServiceFigures | null
  /** Resolves when the broker has it. */
  publish: (topic: string, payload: string) => Promise<void>
  /** Told when a reading or sending failed, and once when it goes again. */
  blocked: (error: Error | null) => void
  intervalSeconds?: number | undefined
  /** @returns takes it back */
  after?: ((ms: number, task: () => void) => () => void) | undefined
}

export interface HostAgent {
  start(): void
  /** Resolves when the reading under way is over; what is being sent is given up. */
  stop(): Promise<void>
}

const byTimer = (ms: number, task: () => void) => {
  const timer = setTimeout(task, ms)
  timer.unref()
  return () => clearTimeout(timer)
}

/** What cannot be sent is left out: the next reading is newer. */
export function createHostAgent(options: HostAgentOptions): HostAgent {
  const {
    reader,
    figures,
    publish,
    blocked,
    intervalSeconds = HOST_INTERVAL_SECONDS,
    after = byTimer,
  } = options
  let running = false
  let forget = () => {}
  let reading: Promise<void> = Promise.resolve()
  let failing = false
  let giveUp: (error: Error) => void = () => {}

  async function say(kind: ResourceKind, sample: SampleMessage | null) {
    if (!sample || !running) return
    await new Promise<void>((resolve, reject) => {
      giveUp = reject
      const answered = after(PUBLISH_MS, () => reject(new Error('the broker does not answer')))
      publish(sampleTopic(kind), JSON.stringify(sample)).then(resolve, reject).finally(answered)
    })
  }

  async function readOnce() {
    try {
      const counted = figures()
      await say('server', await reader.server())
      await say('container', await reader.container())
      await say('service', counted && reader.service(counted))
      if (failing) blocked(null)
      failing = false
    } catch (error) {
      if (!running) return
      if (!failing) blocked(error as Error)
      failing = true
    }
  }

  function next(ms: number) {
    forget = after(ms, () => {
      reading = readOnce().then(() => {
        if (running) next(intervalSeconds * 1000)
      })
    })
  }

  return {
    start() {
      if (running) return
      running = true
      next(FIRST_MS)
    },
    async stop() {
      running = false
      forget()
      giveUp(new Error('stopped'))
      await reading
    },
  }
}
