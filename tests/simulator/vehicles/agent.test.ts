import { expect, test } from 'vitest'
import { seededRandom } from '../../../src/shared/random.ts'
import { agentStep } from '../../../src/simulator/vehicles/agent.ts'
import type { Offer, Plan } from '../../../src/simulator/vehicles/agent-plan.ts'
import { planOf } from '../../../src/simulator/vehicles/agent-plan.ts'
import type { Agent, AgentEvent, Conditions, Effect } from '../../../src/simulator/vehicles/agent-state.ts'
import { manifest, offerOf } from './fake-broker.ts'

const fresh: Agent = {
  hardware: 'B',
  firmware: '1.3.0',
  releaseCounter: 3,
  slot: 'a',
  ecus: [
    { ecu: 'gateway', hardware: 'B', version: '1.3.0' },
    { ecu: 'telematics', hardware: 'B', version: '1.3.0' },
  ],
  update: null,
}
const goesWell: Plan = {
  consentSeconds: 30,
  refusesConsent: false,
  installSeconds: 60,
  rebootSeconds: 5,
  testSeconds: 10,
  downloadFailsAt: null,
  installFails: false,
  goesSilent: false,
  selfTestFails: false,
  rollbackFails: false,
}
const fine: Conditions = {
  parked: true,
  batteryPercent: 80,
  lowVoltageVolts: 12.5,
  connected: true,
  downloadMbPerSecond: 3,
}

/** Drives an agent: what happens to it, and what it tells. */
function drive(agent = fresh) {
  const told: string[] = []
  const effects: Effect[] = []
  const run = {
    agent,
    told,
    effects,
    conditions: fine,
    happen(event: AgentEvent) {
      const outcome = agentStep(run.agent, event)
      run.agent = outcome.agent
      for (const effect of outcome.effects) {
        effects.push(effect)
        if (effect.kind === 'reboot') run.rebootIn = effect.seconds
        if (effect.kind === 'status')
          told.push(
            [effect.status.state, effect.status.reason ?? effect.status.progress]
              .filter(x => x !== undefined)
              .join(' '),
          )
      }
    },
    rebootIn: null as number | null,
    offer: (plan: Partial<Plan> = {}, offer: Partial<Offer> = {}, signed = true) =>
      run.happen({ kind: 'offer', offer: offerOf(offer), plan: { ...goesWell, ...plan }, signed }),
    pass(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        if (run.rebootIn !== null && --run.rebootIn <= 0) {
          run.rebootIn = null
          run.happen({ kind: 'booted' })
        }
        run.happen({ kind: 'passed', seconds: 1, conditions: run.conditions })
      }
    },
  }
  return run
}

const downloading = ['DOWNLOADING 0', 'DOWNLOADING 25', 'DOWNLOADING 50', 'DOWNLOADING 75', 'DOWNLOADED']
const installing = ['INSTALLING 0', 'INSTALLING 50']
const whole = [...downloading, ...installing, 'ACTIVATING', 'VERIFYING']
const rolledBack = [...whole, 'ROLLING_BACK self_test_failed']
const other = { ...manifest, artifacts: manifest.artifacts.map(of => ({ ...of, hardware: ['A' as const] })) }

test.each<{ way: string; plan?: Partial<Plan>; offer?: Partial<Offer>; signed?: boolean; told: string[] }>([
  { way: 'success', told: [...whole, 'SUCCEEDED'] },
  {
    way: 'success with consent',
    offer: { consent_required: true },
    told: ['WAITING_FOR_CONSENT', ...whole, 'SUCCEEDED'],
  },
  {
    way: 'consent refused',
    plan: { refusesConsent: true },
    offer: { consent_required: true },
    told: ['WAITING_FOR_CONSENT', 'REJECTED consent_refused'],
  },
  { way: 'a bad signature', signed: false, told: ['FAILED bad_signature'] },
  {
    way: 'a downgrade',
    offer: { manifest: { ...manifest, version: '1.2.1', release_counter: 2 } },
    told: ['FAILED downgrade'],
  },
  {
    way: 'what it has already',
    offer: { manifest: { ...manifest, version: '1.3.0', release_counter: 3 } },
    told: ['ALREADY_INSTALLED'],
  },
  { way: 'other hardware', offer: { manifest: other }, told: ['FAILED incompatible_hardware'] },
  {
    way: 'a firmware too old for it',
    offer: { manifest: { ...manifest, requires_firmware: '1.4.0' } },
    told: ['FAILED dependency_unmet'],
  },
  {
    way: 'a broken download',
    plan: { downloadFailsAt: 0.6 },
    told: ['DOWNLOADING 0', 'DOWNLOADING 25', 'DOWNLOADING 50', 'FAILED download_failed'],
  },
  {
    way: 'a failed installation',
    plan: { installFails: true },
    told: [...downloading, ...installing, 'FAILED install_failed'],
  },
  {
    way: 'a failed self-test',
    plan: { selfTestFails: true },
    told: [...rolledBack, 'ROLLED_BACK self_test_failed'],
  },
  {
    way: 'a failed rollback',
    plan: { selfTestFails: true, rollbackFails: true },
    told: [...rolledBack, 'FAILED_INCONSISTENT rollback_failed'],
  },
  {
    way: 'silence, until the watchdog boots it',
    plan: { goesSilent: true },
    told: [...downloading, 'INSTALLING 0', 'FAILED install_failed'],
  },
])('the way of $way', ({ plan, offer, signed, told }) => {
  const run = drive()
  run.offer(plan, offer, signed)
  run.pass(5000)
  expect(run.told).toEqual(told)
  const last = run.effects.findLast(effect => effect.kind === 'status')
  const { firmware, releaseCounter, slot } = run.agent
  expect(last).toMatchObject({ status: { firmware, release_counter: releaseCounter, slot } })
  const succeeded = told.at(-1) === 'SUCCEEDED'
  expect({ firmware, releaseCounter, slot }).toEqual(
    succeeded
      ? { firmware: '2.1.0', releaseCounter: 7, slot: 'b' }
      : { firmware: '1.3.0', releaseCounter: 3, slot: 'a' },
  )
})

test('only the parts that the release brings are changed, and only when it is committed', () => {
  const run = drive()
  run.offer()
  while (!run.told.includes('VERIFYING')) run.pass(1)
  expect(run.agent).toMatchObject({ firmware: '1.3.0', slot: 'a', ecus: fresh.ecus })
  run.pass(20)
  expect(run.agent.ecus.map(({ version }) => version)).toEqual(['2.1.0', '1.3.0'])
  const kinds = run.effects.map(({ kind }) => kind)
  expect(kinds.slice(-2)).toEqual(['committed', 'status'])
})

test('a download stands still without a connection and goes on where it was', () => {
  const run = drive()
  run.offer()
  run.pass(10)
  run.conditions = { ...fine, connected: false }
  const before = run.agent.update?.downloadedMb
  run.pass(1000)
  expect(run.agent.update?.downloadedMb).toBe(before)
  run.conditions = fine
  run.pass(200)
  expect(run.told.at(-1)).toBe('SUCCEEDED')
})

test('it waits until the vehicle is parked and charged, and tells each obstacle once', () => {
  const run = drive()
  run.conditions = { ...fine, parked: false, batteryPercent: 40, lowVoltageVolts: 11.5 }
  run.offer({}, { battery_floor_percent: 50 })
  run.pass(100)
  run.conditions = { ...run.conditions, batteryPercent: 50 }
  run.pass(100)
  run.conditions = { ...run.conditions, lowVoltageVolts: 12 }
  run.pass(100)
  expect(run.told.slice(downloading.length)).toEqual([
    'WAITING_FOR_PRECONDITIONS battery_low',
    'WAITING_FOR_PRECONDITIONS low_voltage_battery_low',
    'WAITING_FOR_PRECONDITIONS not_parked',
  ])
  run.conditions = fine
  run.pass(200)
  expect(run.told.at(-1)).toBe('SUCCEEDED')
})

const cancel: AgentEvent = { kind: 'cancel', updateId: 'update-1', attempt: 1 }

test('withdrawn before it installs it is canceled; later it goes to its end', () => {
  const early = drive()
  early.offer()
  early.pass(5)
  early.happen(cancel)
  early.pass(500)
  expect(early.told.at(-1)).toBe('CANCELED')
  const late = drive()
  late.offer()
  while (!late.told.includes('INSTALLING 0')) late.pass(1)
  late.happen(cancel)
  expect(late.told.at(-1)).toBe('INSTALLING 0')
  late.pass(200)
  expect(late.told.at(-1)).toBe('SUCCEEDED')
})

test('a withdrawal of an unknown update is answered so', () => {
  const run = drive()
  run.happen(cancel)
  expect(run.told).toEqual(['FAILED unknown_update'])
  expect(run.agent.update).toBeNull()
})

test('the same offer again tells the present state and begins nothing anew, also after the end', () => {
  const run = drive()
  run.offer()
  run.pass(10)
  const { update } = run.agent
  run.offer({ selfTestFails: true })
  expect(run.agent.update).toBe(update)
  expect(run.told.at(-1)).toBe(run.told.at(-2))
  run.pass(300)
  run.offer()
  expect(run.told.slice(-2)).toEqual(['SUCCEEDED', 'SUCCEEDED'])
})

test('the next attempt follows a failed one', () => {
  const run = drive()
  run.offer({ installFails: true })
  run.pass(300)
  run.offer({}, { attempt: 2 })
  run.pass(300)
  expect(run.told.at(-1)).toBe('SUCCEEDED')
  expect(run.agent.update?.offer.attempt).toBe(2)
})

test('another offer takes over before the installation, and waits for its end after', () => {
  const early = drive()
  early.offer()
  early.pass(5)
  early.offer({}, { update_id: 'update-2' })
  expect(early.told.slice(-2)).toEqual(['CANCELED superseded', 'DOWNLOADING 0'])
  const late = drive()
  late.offer()
  while (!late.told.includes('VERIFYING')) late.pass(1)
  late.offer({}, { attempt: 2 })
  late.pass(100)
  expect(late.told.slice(-2)).toEqual(['SUCCEEDED', 'ALREADY_INSTALLED'])
})

test('the percentages of a simulation are kept, for the hardware that it names', () => {
  const shareOf = (hardware: 'A' | 'B') => {
    const offer = offerOf({ simulation: { self_test_failure_percent: 30, hardware: 'A' } })
    const plans = Array.from({ length: 2000 }, (_, seed) => planOf(offer, hardware, seededRandom(seed)))
    return plans.filter(({ selfTestFails }) => selfTestFails).length / plans.length
  }
  expect(shareOf('A')).toBeCloseTo(0.3, 1)
  expect(shareOf('B')).toBe(0)
})
