/** The machines of this process: those of the generator, in a thread, and the real one that it runs on. */
import { hostname } from 'node:os'
import type { EstateConfig } from '../config/estate-config.ts'
import type { Estate } from '../estate/index.ts'
import { estatePassword } from '../machine/credentials.ts'
import { createHostAgent, type HostAgent } from '../machine/host-agent.ts'
import { createHostReader } from '../machine/this-host.ts'
import type { BrokerPort } from '../mqtt/link.ts'
import type { Log } from '../observability/logger.ts'
import type { Clock } from '../shared/clock.ts'
import type { Random } from '../shared/random.ts'
import { SERVICE } from '../shared/service.ts'
import { type GeneratorBeside, runGeneratorBeside } from '../simulator/estate/run-beside.ts'
import { breakEstate } from './break-estate.ts'
import type { OwnFigures } from './own-figures.ts'
import { createPastPlan } from './past-plan.ts'

export interface MachinesParts {
  config: EstateConfig
  version: string
  estate: Estate
  broker: BrokerPort
  key: string
  wall: Clock
  random: Random
  figures: OwnFigures
  /** Sends a request to this server. */
  send: (path: string) => Promise<Response>
  log: Log
}

const DAY_MS = 24 * 3600_000
const GENERATOR = 'estate-generator'

export function createMachines(parts: MachinesParts) {
  const { config, version, estate, broker, key, wall, random, figures, send, log } = parts
  const { simulated, stages } = config
  let generator: GeneratorBeside | undefined
  let host: HostAgent | undefined
  let starting: Promise<void> = Promise.resolve()
  let isStopped = false

  async function generate() {
    const until = wall.now()
    const span = { from: until - simulated.historyDays * DAY_MS, until }
    const plan = createPastPlan(`${config.dbPath}.history`, simulated)
    const history = simulated.historyDays > 0 ? plan.begin(span, await estate.hoursKnown(span)) : []
    if (isStopped) return
    if (history.length > 0) estate.history.begin(history)
    generator = runGeneratorBeside({
      ...simulated,
      history: history.length > 0 ? history : undefined,
      url: broker.url,
      user: GENERATOR,
      password: estatePassword(key, GENERATOR),
      report: estate.report,
      progress(progress) {
        estate.history.progress(progress)
        if (progress.done >= progress.total) plan.end()
      },
      failed: error =>
        log.error('internal_error', 'the generator of the estate died', { error: error.message }),
    })
  }

  function measure() {
    const agent = createHostAgent({
      reader: createHostReader({ hostname: hostname(), service: SERVICE, version, clock: wall }),
      figures() {
        // Where nobody asks for anything, what it asks itself is measured: silence would look like an outage.
        void send('/healthz')
        return figures.take()
      },
      publish: (topic, payload) =>
        stages.includes('ingest')
          ? estate.receive({ topic, payload: Buffer.from(payload), retain: false })
          : broker.publish(topic, payload),
      blocked: error => error && estate.hostUnmeasured(error),
    })
    agent.start()
    return agent
  }

  return {
    start() {
      if (config.host) host = measure()
      if (simulated.servers > 0 && stages.includes('generator'))
        starting = generate().catch(error =>
          log.error('internal_error', 'the generator of the estate did not start', { error: String(error) }),
        )
    },
    /** @throws Failure as breakEstate does */
    break: (wanted: Parameters<typeof breakEstate>[0]) =>
      breakEstate(wanted, { generator, servers: simulated.servers, random }),
    async stop() {
      isStopped = true
      await starting
      await Promise.all([generator?.stop(), host?.stop()])
    },
  }
}
