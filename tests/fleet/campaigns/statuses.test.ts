/** What vehicles say, do not say, or say too late. */
import { expect, test } from 'vitest'
import {
  createCampaignWorld,
  isSilent,
  nameOf,
  type Offer,
  rollsBack,
  type Script,
  succeeds,
} from './campaign-world.ts'

const one = nameOf(1)
const single = { waves: [100], minimum_sample: 100, success_threshold_percent: 0 }

function offered(options: object = {}) {
  const world = createCampaignWorld(1)
  world.release('2.1.0')
  const id = world.start({ ...single, ...options })
  world.pass(1, isSilent)
  return { world, id, offer: world.offers[0]?.offer as Offer }
}

test('the offer carries the signed manifest and what the vehicle has to mind', () => {
  const { offer } = offered({ consent: 'ask', battery_floor_percent: 60 })
  expect(offer).toMatchObject({
    kind: 'offer',
    attempt: 1,
    consent_required: true,
    battery_floor_percent: 60,
    manifest: { version: '2.1.0', release_counter: 4 },
  })
})

test('late, doubled and foreign statuses change nothing and are told', () => {
  const { world, id, offer } = offered()
  world.say(one, offer, 'INSTALLING')
  world.say(one, offer, 'DOWNLOADING')
  world.say(one, offer, 'INSTALLING')
  world.say(one, { ...offer, attempt: 2 }, 'SUCCEEDED')
  world.say(one, { update_id: 'nobody', attempt: 1 }, 'DOWNLOADING')
  world.say(one, offer, 'SUCCEEDED', { firmware: '1.3.0', release_counter: 3 })
  expect(world.update(id, one).state).toBe('INSTALLING')
  world.say(one, offer, 'SUCCEEDED', { firmware: '2.1.0', release_counter: 4 })
  world.say(one, offer, 'ROLLED_BACK', { reason: 'self_test_failed' })
  expect(world.update(id, one).state).toBe('SUCCEEDED')
  expect(world.told('status_ignored').map(event => 'why' in event && event.why)).toEqual([
    'out_of_order',
    'duplicate',
    'other_attempt',
    'unknown_update',
    'not_proven',
    'attempt_ended',
  ])
  expect(world.way(id, one)).toEqual(['SCHEDULED', 'PRECHECK', 'NOTIFIED', 'INSTALLING', 'SUCCEEDED'])
})

test('a vehicle that does not answer is asked three times, ever later, and has then timed out', () => {
  const { world, id } = offered()
  world.pass(300, isSilent)
  expect(world.offers.map(({ offer }) => offer.attempt)).toEqual([1, 2, 3])
  expect(world.update(id, one)).toMatchObject({ state: 'TIMED_OUT', reason: 'no_answer', attempt: 3 })
  expect(world.campaign(id)).toMatchObject({ state: 'finished', success_rate: 0 })
  expect(world.row(one).activeUpdate).toBeNull()
})

test('a download that keeps moving is not silent; one that stops is', () => {
  const { world, id, offer } = offered({ timeout_seconds: { DOWNLOADING: 10 } })
  world.say(one, offer, 'DOWNLOADING', { progress: 1 })
  for (let progress = 2; progress < 8; progress++) {
    world.pass(8, isSilent)
    world.say(one, offer, 'DOWNLOADING', { progress })
  }
  expect(world.update(id, one)).toMatchObject({ state: 'DOWNLOADING', progress: 7 })
  world.pass(10, isSilent)
  expect(world.way(id, one)).toContain('RETRY_WAIT')
})

test('failed downloads are tried again with a new attempt, and succeed in the end', () => {
  const script: Script = (vehicle, offer) =>
    offer.attempt < 3 ? ['DOWNLOADING', ['FAILED', 'download_failed']] : succeeds(vehicle, offer)
  const world = createCampaignWorld(1)
  world.release('2.1.0')
  const id = world.start(single)
  world.pass(60, script)
  expect(world.offers.map(({ offer }) => offer.attempt)).toEqual([1, 2, 3])
  expect(world.way(id, one).filter(state => state === 'FAILED' || state === 'RETRY_WAIT')).toEqual([
    'FAILED',
    'RETRY_WAIT',
    'FAILED',
    'RETRY_WAIT',
  ])
  expect(world.campaign(id)).toMatchObject({
    state: 'finished',
    success_rate: 1,
    first_attempt_success_rate: 0,
  })
})

test('installations have a smaller number of attempts, and a failed self-test none', () => {
  const failing: Script = () => ['INSTALLING', ['FAILED', 'install_failed']]
  const world = createCampaignWorld(2)
  world.release('2.1.0')
  const id = world.start(single)
  world.pass(60, (vehicle, offer) => (vehicle === one ? failing(vehicle, offer) : rollsBack(vehicle, offer)))
  expect(world.update(id, one)).toMatchObject({ state: 'FAILED', reason: 'install_failed', attempt: 2 })
  expect(world.update(id, nameOf(2))).toMatchObject({
    state: 'ROLLED_BACK',
    reason: 'self_test_failed',
    attempt: 1,
  })
})

test('a bad signature pauses at once, and is not tried again', () => {
  const world = createCampaignWorld(100)
  world.release('2.1.0', { tamper: 'signature' })
  const id = world.start()
  world.pass(30, () => [['FAILED', 'bad_signature']])
  expect(world.campaign(id)).toMatchObject({
    state: 'paused',
    pause: { rule: 'bad_signature', blast_radius: 1 },
  })
  expect(world.cancels).toHaveLength(4)
  expect(world.campaign(id).by_state).toEqual({ SCHEDULED: 99, FAILED: 1 })
})

test('a vehicle that goes silent while it installs has timed out; its late word is believed', () => {
  const { world, id, offer } = offered()
  world.say(one, offer, 'INSTALLING')
  world.pass(601, isSilent)
  expect(world.update(id, one)).toMatchObject({ state: 'TIMED_OUT', reason: 'timeout', attempt: 1 })
  expect(world.campaign(id).success_rate).toBe(0)
  world.say(one, offer, 'SUCCEEDED', { firmware: '2.1.0', release_counter: 4 })
  expect(world.update(id, one).state).toBe('SUCCEEDED')
  expect(world.campaign(id)).toMatchObject({ success_rate: 1, first_attempt_success_rate: 1 })
})

test('a vehicle that comes back with the release has it, though the word of success was lost', () => {
  const { world, id, offer } = offered()
  world.say(one, offer, 'VERIFYING')
  world.online(one)
  expect(world.update(id, one).state).toBe('VERIFYING')
  world.set(one, { firmware: '2.1.0', release_counter: 4 })
  world.online(one)
  expect(world.update(id, one).state).toBe('SUCCEEDED')
  expect(world.row(one).activeUpdate).toBeNull()
  world.say(one, offer, 'ROLLED_BACK', { reason: 'self_test_failed' })
  expect(world.update(id, one).state).toBe('ROLLED_BACK')
})

test('a vehicle that comes back is offered the same attempt again, at most every five seconds', () => {
  const { world } = offered()
  world.online(one)
  world.advance(5000)
  world.online(one)
  world.online(one)
  world.answer(isSilent)
  expect(world.offers.map(({ offer }) => offer.attempt)).toEqual([1, 1])
})

test('a driver who refuses is not asked for that release again', () => {
  const world = createCampaignWorld(1)
  world.release('2.1.0')
  const first = world.start({ ...single, consent: 'ask' })
  world.pass(2, () => ['WAITING_FOR_CONSENT', ['REJECTED', 'consent_refused']])
  expect(world.campaign(first)).toMatchObject({
    state: 'finished',
    by_state: { REJECTED: 1 },
    success_rate: null,
  })
  const second = world.start({ ...single, name: 'again' })
  world.pass(2, succeeds)
  expect(world.campaign(second)).toMatchObject({ ineligible: { no_consent: 1 } })
  expect(world.offers).toHaveLength(1)
})

test('blocked is not failed, and written down only when the reason changes', () => {
  const world = createCampaignWorld(1)
  world.set(one, { parked: 0, battery_percent: 20 })
  world.release('2.1.0')
  const id = world.start(single)
  world.pass(30, succeeds)
  world.set(one, { battery_percent: 90 })
  world.pass(30, succeeds)
  expect(world.campaign(id)).toMatchObject({
    blocked: { not_parked: 1 },
    success_rate: null,
    state: 'running',
  })
  expect(world.way(id, one)).toEqual(['SCHEDULED', 'PRECHECK', 'SCHEDULED', 'PRECHECK', 'SCHEDULED'])
  world.set(one, { parked: 1 })
  world.pass(10, succeeds)
  expect(world.campaign(id)).toMatchObject({ state: 'finished', by_state: { SUCCEEDED: 1 }, blocked: {} })
})

test('a pause withdraws what does not install; what goes on all the same is told again, or is the truth', () => {
  const world = createCampaignWorld(2)
  world.release('2.1.0')
  const id = world.start(single)
  world.pass(1, () => ['DOWNLOADING'])
  world.order('pauseCampaign', id)
  world.answer(isSilent)
  expect(world.campaign(id)).toMatchObject({
    by_state: { SCHEDULED: 2 },
    pause: { rule: 'manual', time_to_detect_ms: null },
  })
  expect(world.cancels).toHaveLength(2)
  const [first, second] = world.offers.map(({ vehicle, offer }) => ({ vehicle, offer }))
  world.advance(6000)
  world.say(first?.vehicle ?? '', first?.offer as Offer, 'DOWNLOADED')
  world.say(second?.vehicle ?? '', second?.offer as Offer, 'INSTALLING')
  world.answer(isSilent)
  expect(world.cancels).toHaveLength(3)
  expect(world.campaign(id).by_state).toEqual({ SCHEDULED: 1, INSTALLING: 1 })
  world.pass(20, succeeds)
  expect(world.offers).toHaveLength(2)
})

test('a newer campaign supersedes what waits in an older one; a vehicle is in one update at a time', () => {
  const world = createCampaignWorld(10)
  world.release('2.1.0')
  world.release('2.2.0')
  const older = world.start({ waves: [50, 50] })
  world.pass(1, () => ['DOWNLOADING'])
  const newer = world.start({ release_version: '2.2.0', waves: [100] })
  expect(world.campaign(older).by_state).toEqual({ DOWNLOADING: 5, SUPERSEDED: 5 })
  world.pass(1, () => ['DOWNLOADING'])
  expect(world.campaign(newer)).toMatchObject({
    blocked: { updating: 5 },
    by_state: { DOWNLOADING: 5, SCHEDULED: 5 },
  })
})

test('transitions can neither be changed nor removed', () => {
  const { world } = offered()
  expect(() => world.db.$client.exec(`UPDATE update_transitions SET to_state = 'SUCCEEDED'`)).toThrow(
    'append-only',
  )
  expect(() => world.db.$client.exec('DELETE FROM update_transitions')).toThrow('append-only')
})

test('a release has a version and a counter of its own, above all before', () => {
  const world = createCampaignWorld(1)
  expect(world.release('2.1.0')).toEqual({ kind: 'created', version: '2.1.0', releaseCounter: 4 })
  expect(world.release('2.1.0')).toEqual({ kind: 'version_taken' })
  expect(world.release('2.2.0', { release_counter: 4 })).toEqual({ kind: 'counter_not_higher', newest: 4 })
  expect(world.release('2.2.0', { release_counter: 2, allow_lower_counter: true })).toMatchObject({
    kind: 'created',
  })
  expect(world.release('2.3.0', { release_counter: 2, allow_lower_counter: true })).toMatchObject({
    kind: 'counter_not_higher',
  })
})
