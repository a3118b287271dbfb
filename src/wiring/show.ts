/** What the presenter works with, put together: scenarios, traffic, the race, the deck; and what each needs of the others. */
import type { Config } from '../config/config.ts'
import type { OpenOptions } from '../db/open.ts'
import type { Delivery } from '../delivery/index.ts'
import type { Estate } from '../estate/index.ts'
import type { Fleet } from '../fleet/index.ts'
import { assumptions, startFleetTwin } from '../fleet-twin/index.ts'
import type { App } from '../http/context.ts'
import type { EventStreams } from '../http/event-streams.ts'
import type { Operations } from '../http/operation.ts'
import type { Sessions } from '../http/session.ts'
import type { Licensing } from '../licensing/index.ts'
import type { Logger } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import { createRaces, type TwinPort } from '../race/index.ts'
import { createScenarios } from '../scenarios/index.ts'
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import { trafficBeside } from '../simulator/traffic/beside.ts'
import type { RunningBeside } from '../simulator/vehicles/run-beside.ts'
import { createStage } from '../stage/index.ts'
import { ownParts } from './own-parts.ts'

/** A second fleet with its server, in a thread. */
export const fleetTwin: TwinPort = { start: startFleetTwin, assumptions }

/** What is wrong with the release of the race. It ends by itself if all else fails. */
const DEFECT = { faults: { errors: { share: 0.4 } }, seconds: 300 }

export interface ShowParts {
  config: Config
  database: OpenOptions
  clock: Clock
  log: Logger
  metrics: Metrics
  sessions: Sessions
  delivery: Delivery
  licensing: Licensing
  fleet: Fleet
  estate: Estate
  twin: TwinPort
  /** Sends a request of somebody simulated. */
  send: (path: string, init?: { method: string; body: string }) => Promise<Response>
  /** The vehicles that are simulated in this process, once they are. */
  vehicles: () => RunningBeside | undefined
  streams: () => EventStreams
  port: () => number
}

export function createShow(parts: ShowParts) {
  const { config, database, clock, log, delivery, licensing, fleet, estate, vehicles, streams } = parts
  const scenarios = createScenarios({
    ports: {
      faultsPossible: () => config.faultsPossible,
      async ship({ faults, seconds }) {
        refuseDuringRace()
        return delivery.ship({ faults, seconds }, 'scenario')
      },
      async rollback(deployment) {
        if (delivery.running().id === deployment) delivery.rollback('scenario')
      },
      async startFaults({ seconds, ...faults }) {
        refuseDuringRace()
        delivery.faults.start({ ...faults, seconds })
      },
      stopFaults: async () => delivery.faults.stop(),
      loseCoverage: config.fleet.simulated && (async share => vehicles()?.loseCoverage(share)),
      regainCoverage: async () => vehicles()?.regainCoverage(),
    },
    startTraffic: trafficBeside(parts.send, clock),
    grafana: config.stack.grafana,
    clock,
    log,
  })

  const { traffic } = scenarios
  const races = createRaces({
    database,
    clock,
    log,
    twin: parts.twin,
    cloud: {
      faultsPossible: () => config.faultsPossible,
      async ship() {
        await scenarios.stopScenario()
        return delivery.ship(DEFECT, 'race')
      },
      rollback() {
        if (delivery.running().by === 'race') delivery.rollback('race')
      },
      runs: () => delivery.running().version,
      incident() {
        const open = delivery.openIncidents().find(({ subject }) => subject.startsWith('borrow-'))
        return open ? { subject: open.subject, acknowledged: open.acknowledged_at !== null } : null
      },
      acknowledge() {
        for (const { id } of delivery.openIncidents()) delivery.acknowledge(id)
      },
    },
    traffic: {
      ensure(rate) {
        traffic.ensure({ rate, by: 'race' })
        return { simulated: true, rate: traffic.state().rate ?? rate }
      },
      release: () => traffic.release('race'),
    },
  })

  const stage = createStage({
    ...parts,
    host: config.host,
    publicUrl: config.publicUrl,
    wifi: config.wifi,
    stack: config.stack,
    recentLines: log.recent,
    ownParts: () => ownParts({ delivery, fleet, estate, simulated: config.fleet.simulated?.vehicles ?? 0 }),
    presence() {
      const { streaming, polling } = streams().presence('room')
      return { joined: streaming + polling, streams: streams().clients }
    },
    running: () => ({ version: delivery.running().version, browserScript: delivery.browserScriptShare() }),
    async reset(requestId) {
      const [failed] = await failuresOf([
        () => scenarios.stopScenario(),
        () => traffic.stop(),
        () => races.cancel(),
        async () => delivery.faults.stop(),
        async () => rollBackAll(delivery, config.version),
      ])
      const ended = await licensing.revokeAll(requestId)
      if (failed) throw failed.reason
      return ended
    },
  })

  function refuseDuringRace() {
    if (races.running) throw new Failure('race_running', 'End the race that is under way first.')
  }

  return {
    topics: { ...scenarios.topics, ...races.topics, ...stage.topics },
    /** Each borrow that was decided. */
    decided: races.decided,
    serve(app: App, operations: Operations) {
      scenarios.serve(operations)
      races.serve(operations)
      stage.serve(app, operations)
    },
    /** Goes on with what a restart cut. */
    start: races.start,
    async stop() {
      await races.stop()
      await scenarios.stop()
      stage.stop()
    },
  }
}

const RELEASES_MAX = 50

/** Goes back release by release, to the version that was started. */
function rollBackAll(delivery: Delivery, version: string): void {
  for (let count = 0; count < RELEASES_MAX && delivery.running().version !== version; count++)
    if (!delivery.rollback('presenter')) return
}

/** Does all of it, one after the other, whatever fails. */
async function failuresOf(steps: readonly (() => Promise<unknown>)[]): Promise<PromiseRejectedResult[]> {
  const failed: PromiseRejectedResult[] = []
  for (const step of steps) {
    const [settled] = await Promise.allSettled([step()])
    if (settled?.status === 'rejected') failed.push(settled)
  }
  return failed
}
