/** A generator whose time and broker a test owns. */
import { type FaultNotice, faultNotice, type StageReport, stageReport } from '../../../src/machine/notices.ts'
import type { SampleMessage } from '../../../src/machine/samples.ts'
import { FAULT_TOPIC } from '../../../src/machine/topics.ts'
import { createEstate, type EstateOptions } from '../../../src/simulator/estate/estate.ts'
import {
  createGenerator,
  type GeneratorOptions,
  type HistoryProgress,
} from '../../../src/simulator/estate/generator.ts'
import { createScheduler } from '../../../src/simulator/vehicles/scheduler.ts'
import { fakeClock } from '../../support/fake-clock.ts'

export const nameOf = (sample: SampleMessage) =>
  ('server_id' in sample && sample.server_id) ||
  ('container_id' in sample && sample.container_id) ||
  ('instance_id' in sample && sample.instance_id) ||
  ''

export function world(of: Partial<EstateOptions> = {}, options: Partial<GeneratorOptions> = {}) {
  const clock = fakeClock()
  const scheduler = createScheduler(clock)
  const estate = createEstate({ servers: 40, seed: 1, faultsPerDay: 0, ...of })
  const broker = { up: true, answers: true, mostPast: 0 }
  let pastUnderWay = 0
  const messages: { topic: string; payload: string }[] = []
  const reports: StageReport[] = []
  const steps: HistoryProgress[] = []
  const held: (() => void)[] = []
  const generator = createGenerator({
    estate,
    clock,
    scheduler,
    instance: 'estate-generator',
    async publish(topic, payload) {
      const past = payload.includes('"sim-1-300s"') ? 1 : 0
      pastUnderWay += past
      broker.mostPast = Math.max(broker.mostPast, pastUnderWay)
      try {
        if (!broker.up) throw new Error('away')
        if (!broker.answers) await new Promise<void>(resolve => held.push(resolve))
        messages.push({ topic, payload })
      } finally {
        pastUnderWay -= past
      }
    },
    report: report => reports.push(stageReport.parse(report)),
    progress: step => steps.push(step),
    ...options,
  })
  const settle = () => new Promise(resolve => setImmediate(resolve))
  return {
    clock,
    estate,
    generator,
    broker,
    messages,
    reports,
    steps,
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        clock.advance(1000)
        scheduler.run()
        await settle()
      }
    },
    async release() {
      for (const resolve of held.splice(0)) resolve()
      await settle()
    },
    samples: () =>
      messages
        .filter(({ topic }) => topic !== FAULT_TOPIC)
        .flatMap(({ payload }) => JSON.parse(payload) as SampleMessage[]),
    notices: () =>
      messages
        .filter(({ topic }) => topic === FAULT_TOPIC)
        .map(({ payload }) => faultNotice.parse(JSON.parse(payload)) as FaultNotice),
  }
}

/** (resource, boot, seq) is one sample. */
export const idOf = (sample: SampleMessage) => `${nameOf(sample)} ${sample.boot} ${sample.seq}`
