/** Whatever vehicles and presenters do, in whatever order: nothing breaks, and the tables agree with each other. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAllowed, isTimed } from '../../../src/fleet/campaigns/transitions.ts'
import { updateReasons, vehicleReportedStates } from '../../../src/vehicle/update-states.ts'
import { type CampaignWorld, createCampaignWorld, isSilent, nameOf } from './campaign-world.ts'

const VEHICLES = 4
const vehicle = fc.integer({ min: 1, max: VEHICLES }).map(nameOf)
const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.constantFrom(1, 5, 60, 700) }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      vehicle,
      state: fc.constantFrom(...vehicleReportedStates),
      reason: fc.option(fc.constantFrom(...updateReasons), { nil: undefined }),
      attemptBefore: fc.constantFrom(0, 0, 0, 1),
      proven: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('online' as const), vehicle, hasIt: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('resume' as const),
      correct: fc.boolean(),
      retry: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
)

function agree(world: CampaignWorld, id: string) {
  for (const update of world.updates(id)) {
    const held = world.row(update.vehicle).activeUpdate
    const holds = isTimed(update.state) || update.state === 'RETRY_WAIT'
    expect(held, `${update.vehicle} ${update.state}`).toBe(holds ? update.update_id : null)
    const { transitions = [] } = world.reports.transitions(id, update.update_id) ?? {}
    expect(transitions.at(-1)?.to).toBe(update.state)
    for (const [index, { from, to, actor }] of transitions.entries()) {
      expect(from).toBe(transitions[index - 1]?.to ?? null)
      if (from !== null) expect(isAllowed(from, to, actor === 'vehicle' ? 'vehicle' : 'server')).toBe(true)
    }
  }
  const { waves, planned, by_state, success_rate, rollback_rate } = world.campaign(id)
  expect(Object.values(by_state).reduce((sum, updates) => sum + updates, 0)).toBe(planned)
  expect(waves.reduce((sum, wave) => sum + wave.planned, 0)).toBe(planned)
  for (const rate of [success_rate, rollback_rate]) expect(rate ?? 0).toBeLessThanOrEqual(1)
}

test('the tables agree with each other after anything', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 5, maxLength: 40 }), actions => {
      const world = createCampaignWorld(VEHICLES)
      world.release('2.1.0')
      const id = world.start({ waves: [50, 50], soak_seconds: 1 })
      world.pass(1, isSilent)
      let corrections = 0
      for (const step of actions) {
        if (step.kind === 'pass') {
          world.advance((step.seconds - 1) * 1000)
          world.pass(1, isSilent)
        } else if (step.kind === 'say') {
          const { update_id, attempt, release_version: firmware } = world.update(id, step.vehicle)
          const release_counter = world.reports
            .releases(100)
            .find(({ version }) => version === firmware)?.release_counter
          world.say(
            step.vehicle,
            { update_id, attempt: Math.max(0, attempt - step.attemptBefore) },
            step.state,
            {
              ...(step.reason && { reason: step.reason }),
              ...(step.proven && release_counter !== undefined && { firmware, release_counter }),
            },
          )
        } else if (step.kind === 'online') {
          const { release_version: firmware } = world.update(id, step.vehicle)
          const release = world.reports.releases(100).find(({ version }) => version === firmware)
          if (step.hasIt && release)
            world.set(step.vehicle, { firmware, release_counter: release.release_counter })
          world.online(step.vehicle)
        } else if (step.kind === 'pause') world.order('pauseCampaign', id)
        else if (step.kind === 'resume') {
          if (step.correct) world.release(`2.1.${++corrections}`)
          world.resume(id, step.correct ? `2.1.${corrections}` : null, step.retry)
        } else world.restart()
        agree(world, id)
      }
      world.db.$client.close()
    }),
    { numRuns: 60 },
  )
}, 30_000)
