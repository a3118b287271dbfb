/** Campaigns from their start to their end. */
import { expect, test } from 'vitest'
import { createCampaignWorld, nameOf, rollsBack, succeeds } from './campaign-world.ts'

test('a campaign to 100 vehicles goes through three waves and finishes', () => {
  const world = createCampaignWorld(100)
  world.release('2.1.0')
  const id = world.start()
  world.pass(1, succeeds)
  expect(world.campaign(id).waves.map(({ planned, settled }) => [planned, settled])).toEqual([
    [5, 5],
    [15, 0],
    [80, 0],
  ])
  world.pass(2, succeeds)
  expect(world.campaign(id).waves.map(({ state }) => state)).toEqual(['soaking', 'waiting', 'waiting'])
  world.pass(100, succeeds)
  const done = world.campaign(id)
  expect(done).toMatchObject({
    state: 'finished',
    outcome: 'completed',
    by_state: { SUCCEEDED: 100 },
    reach: 1,
    eligibility_rate: 1,
    success_rate: 1,
    first_attempt_success_rate: 1,
    rollback_rate: 0,
    pause: null,
  })
  expect(done.waves.every(({ state }) => state === 'done')).toBe(true)
  expect(done.completion.at(-1)).toMatchObject({ settled: 100, succeeded: 100 })
  expect(world.offers).toHaveLength(100)
  expect(world.row(nameOf(1)).activeUpdate).toBeNull()
  expect(world.told('campaign_finished')).toHaveLength(1)
  expect(world.told('wave_started')).toHaveLength(3)
})

test('a bad release is paused in the first wave, and nothing of the second is ever notified', () => {
  const world = createCampaignWorld(100)
  world.release('2.1.0')
  const id = world.start()
  world.pass(60, rollsBack)
  const paused = world.campaign(id)
  expect(paused).toMatchObject({
    state: 'paused',
    by_state: { SCHEDULED: 95, ROLLED_BACK: 5 },
    rollback_rate: 1,
    pause: { rule: 'error_threshold', blast_radius: 5, failed: 5, settled: 5, time_to_detect_ms: 1000 },
  })
  expect(paused.pause?.detail).toContain('5 ROLLED_BACK (self_test_failed)')
  expect(world.offers).toHaveLength(5)
  expect(world.updates(id).filter(({ wave, attempt }) => wave > 1 && attempt > 0)).toEqual([])
})

test('a corrected release goes on from the first wave, and every vehicle ends with it', () => {
  const world = createCampaignWorld(100)
  world.release('2.1.0')
  const id = world.start()
  world.pass(60, rollsBack)
  world.release('2.1.1')
  expect(world.resume(id, '2.1.1', true)).toMatchObject({ kind: 'changed', state: 'running' })
  world.pass(120, succeeds)
  expect(world.campaign(id)).toMatchObject({
    state: 'finished',
    release_version: '2.1.1',
    by_state: { SUCCEEDED: 100 },
    first_attempt_success_rate: 0.95,
    pauses: [{ resumed_by: 'presenter' }],
  })
  expect(world.campaign(id).rollback_rate).toBeCloseTo(5 / 105)
  expect(world.offers.filter(({ offer }) => offer.manifest.version === '2.1.0')).toHaveLength(5)
})

test('vehicles that run the bad version get the corrected one too', () => {
  const world = createCampaignWorld(100)
  world.release('2.1.0')
  const id = world.start({ minimum_sample: 5 })
  let count = 0
  world.pass(60, (vehicle, offer) => (++count <= 3 ? succeeds(vehicle, offer) : rollsBack(vehicle, offer)))
  expect(world.campaign(id)).toMatchObject({
    state: 'paused',
    by_state: { SUCCEEDED: 3, ROLLED_BACK: 2 },
    pause: { blast_radius: 5 },
  })
  const first = world.offers[0]?.vehicle ?? ''
  world.release('2.1.1')
  world.resume(id, '2.1.1')
  world.pass(120, succeeds)
  expect(world.campaign(id)).toMatchObject({ state: 'finished', by_state: { SUCCEEDED: 98, ROLLED_BACK: 2 } })
  expect(world.way(id, first).slice(-9)).toEqual(
    [
      'SUPERSEDED',
      'SCHEDULED',
      'PRECHECK',
      'NOTIFIED',
      'DOWNLOADING',
      'DOWNLOADED',
      'INSTALLING',
      'ACTIVATING',
      'VERIFYING',
      'SUCCEEDED',
    ].slice(-9),
  )
  expect(world.row(first).firmware).toBe('2.1.1')
})

test('resuming with the same release counts from zero; retried failures begin anew', () => {
  const world = createCampaignWorld(20)
  world.release('2.1.0')
  const id = world.start({ waves: [25, 75], soak_seconds: 0 })
  world.pass(10, rollsBack)
  expect(world.campaign(id).state).toBe('paused')
  expect(world.resume(id, null, true)).toMatchObject({ state: 'running' })
  world.pass(30, succeeds)
  expect(world.campaign(id)).toMatchObject({ state: 'finished', by_state: { SUCCEEDED: 20 } })
})

test('a wave that fails below the sample of the error threshold does not pass either', () => {
  const world = createCampaignWorld(20)
  world.release('2.1.0')
  const id = world.start({ waves: [10, 90], minimum_sample: 10, error_threshold_percent: 20 })
  world.pass(10, rollsBack)
  expect(world.campaign(id)).toMatchObject({
    state: 'paused',
    pause: { rule: 'success_threshold', blast_radius: 2 },
  })
})

test('a restart in the middle goes on where it was', () => {
  const world = createCampaignWorld(40)
  world.release('2.1.0')
  const id = world.start({ soak_seconds: 5 })
  world.pass(1, () => ['DOWNLOADING'])
  world.restart()
  for (const { vehicle, offer } of world.offers) {
    world.say(vehicle, offer, 'INSTALLING')
    world.set(vehicle, { firmware: '2.1.0', release_counter: offer.manifest.release_counter })
    world.say(vehicle, offer, 'SUCCEEDED')
  }
  world.pass(30, succeeds)
  expect(world.campaign(id)).toMatchObject({ state: 'finished', by_state: { SUCCEEDED: 40 } })
})

test('a campaign to nobody finishes at once, and says that it was empty', () => {
  const world = createCampaignWorld(3)
  world.release('2.1.0')
  const id = world.draft({ target: { firmware: ['9.9.9'] } })
  expect(world.order('startCampaign', id)).toEqual({
    kind: 'changed',
    id,
    state: 'finished',
    outcome: 'empty',
  })
  expect(world.campaign(id)).toMatchObject({
    planned: 0,
    success_rate: null,
    reach: null,
    rollback_rate: null,
  })
  world.pass(3, succeeds)
  expect(world.offers).toEqual([])
})

test('abort cancels what does not install yet and lets the rest come to its end', () => {
  const world = createCampaignWorld(100)
  world.release('2.1.0')
  const id = world.start()
  // Chance chooses the wave, so each second of those that come is a different one, whatever their names.
  const seen = new Set<string>()
  const order = (vehicle: string) => [...seen.add(vehicle)].indexOf(vehicle)
  world.pass(1, vehicle => (order(vehicle) % 2 ? ['DOWNLOADING'] : ['DOWNLOADING', 'INSTALLING']))
  const installing = world.updates(id).filter(({ state }) => state === 'INSTALLING')
  const downloading = world.updates(id).filter(({ state }) => state === 'DOWNLOADING')
  expect(installing.length * downloading.length).toBeGreaterThan(0)
  expect(world.order('abortCampaign', id)).toMatchObject({ state: 'aborting' })
  world.pass(2, succeeds)
  expect(world.cancels.sort()).toEqual(downloading.map(({ vehicle }) => vehicle).sort())
  expect(world.campaign(id).state).toBe('aborting')
  for (const { vehicle, update_id } of installing)
    world.say(vehicle, { update_id, attempt: 1 }, 'ROLLED_BACK', { reason: 'self_test_failed' })
  world.pass(1, succeeds)
  expect(world.campaign(id)).toMatchObject({
    state: 'aborted',
    outcome: 'aborted',
    by_state: { CANCELED: 100 - installing.length, ROLLED_BACK: installing.length },
  })
  expect(world.offers).toHaveLength(5)
})

test('orders that do not fit the state of a campaign are refused', () => {
  const world = createCampaignWorld(3)
  world.release('2.1.0')
  const id = world.draft()
  expect(world.order('approveCampaign', id)).toEqual({ kind: 'campaign_state', state: 'approved' })
  expect(world.order('pauseCampaign', id)).toEqual({ kind: 'campaign_state', state: 'approved' })
  expect(world.resume(id)).toEqual({ kind: 'campaign_state', state: 'approved' })
  expect(world.order('startCampaign', 'nobody')).toEqual({ kind: 'unknown_campaign' })
  world.order('abortCampaign', id)
  expect(world.order('startCampaign', id)).toEqual({ kind: 'campaign_state', state: 'aborted' })
})

test('what is still blocked at the deadline is settled, and the campaign finishes', () => {
  const world = createCampaignWorld(10)
  for (const number of [1, 2]) world.set(nameOf(number), { online: 0 })
  world.release('2.1.0')
  const id = world.start({ deadline_hours: 1, waves: [100] })
  world.pass(10, succeeds)
  expect(world.campaign(id)).toMatchObject({
    state: 'running',
    blocked: { offline: 2 },
    eligibility_rate: 0.8,
  })
  world.advance(3_600_000)
  world.pass(1, succeeds)
  expect(world.campaign(id)).toMatchObject({
    state: 'finished',
    outcome: 'deadline',
    ineligible: { offline: 2 },
    by_state: { SUCCEEDED: 8, INELIGIBLE: 2 },
    success_rate: 1,
  })
})

test('no more updates at once than allowed', () => {
  const world = createCampaignWorld(50)
  world.release('2.1.0')
  const id = world.start({ waves: [100], max_concurrent: 7 })
  world.pass(3, () => ['DOWNLOADING'])
  expect(world.campaign(id).by_state).toEqual({ DOWNLOADING: 7, SCHEDULED: 43 })
})

test('what installs a release that is replaced meanwhile gets the corrected one afterwards', () => {
  const world = createCampaignWorld(4)
  world.release('2.1.0')
  const id = world.start({ waves: [100] })
  world.pass(1, () => ['INSTALLING'])
  world.order('pauseCampaign', id)
  world.release('2.1.1')
  world.resume(id, '2.1.1')
  expect(world.campaign(id).by_state).toEqual({ INSTALLING: 4 })
  for (const { vehicle, offer } of world.offers)
    world.say(vehicle, offer, 'SUCCEEDED', { firmware: '2.1.0', release_counter: 4 })
  expect(world.campaign(id)).toMatchObject({ state: 'running', by_state: { SCHEDULED: 4 } })
  world.pass(5, succeeds)
  expect(world.campaign(id)).toMatchObject({ state: 'finished', by_state: { SUCCEEDED: 4 } })
  expect(world.row(nameOf(1)).firmware).toBe('2.1.1')
})
