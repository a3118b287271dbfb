/** What is told of campaigns: preview, lists, the live frame, the export, and the routes. */
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  campaignDetail,
  campaignsFrame,
  previewReply,
  releaseShape,
} from '../../../src/fleet/campaigns/api.ts'
import { csvExport } from '../../../src/fleet/campaigns/export.ts'
import { campaignGauges, campaignsFrameOf, serveCampaigns } from '../../../src/fleet/campaigns/index.ts'
import type { FleetWriter } from '../../../src/fleet/commands.ts'
import type { AppEnv } from '../../../src/http/context.ts'
import { createOperations } from '../../../src/http/operation.ts'
import { problemOf } from '../../../src/http/problem.ts'
import { rfc3339 } from '../../../src/shared/clock.ts'
import { type CampaignWorld, createCampaignWorld, nameOf, rollsBack, succeeds } from './campaign-world.ts'

function request(world: CampaignWorld) {
  const app = new Hono<AppEnv>()
  app.use(async (c, next) => {
    c.set('facts', {
      requestId: 'r',
      traceId: undefined,
      startedAt: 0,
      address: '',
      secure: false,
      route: null,
      stamped: false,
    })
    await next()
  })
  app.onError((error, c) => problemOf(c, error))
  const operations = createOperations(app, { presenter: () => {}, alertmanager: () => {} })
  const writer: FleetWriter = {
    submit: async (kind, input) => world.run(kind as 'tick', input as never) as never,
  }
  serveCampaigns(operations, {
    writer,
    reports: world.reports,
    clock: { now: () => world.now, monotonic: () => 0 },
  })
  return async (method: string, path: string, body?: unknown) => {
    const answer = await app.request(path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return {
      status: answer.status,
      text,
      headers: answer.headers,
      body: text.startsWith('{') ? JSON.parse(text) : null,
    }
  }
}

test('the preview says who is reached, who is not, and why', () => {
  const world = createCampaignWorld(20)
  world.release('2.1.0')
  world.set(nameOf(1), { online: 0 })
  world.set(nameOf(2), { release_counter: 9 })
  world.set(nameOf(3), { parked: null })
  const preview = world.reports.preview(
    { release_version: '2.1.0', target: {}, battery_floor_percent: 50, window: null },
    world.now,
  )
  expect(previewReply.parse(preview)).toMatchObject({
    matching: 20,
    eligible: 17,
    permanent: 1,
    temporary: 2,
    excluded: [
      { reason: 'offline', lasting: 'temporary', vehicles: 1, examples: [nameOf(1)] },
      { reason: 'already_installed', lasting: 'permanent', vehicles: 1 },
      { reason: 'not_parked', lasting: 'temporary', vehicles: 1 },
    ],
  })
  const one = { models: ['aurora' as const], vehicles: [nameOf(1), nameOf(2)] }
  expect(
    world.reports.preview(
      { release_version: '2.1.0', target: one, battery_floor_percent: 50, window: null },
      world.now,
    ),
  ).toMatchObject({ matching: 1, eligible: 0 })
  expect(world.reports.newestRelease(world.now)).toEqual({ version: '2.1.0', upToDate: 1, eligible: 17 })
})

test('frame, detail and gauges fit their shapes, before the start and in a pause', () => {
  const world = createCampaignWorld(30)
  const frame = () => campaignsFrame.parse({ at: rfc3339(world.now), ...campaignsFrameOf(world.reports) })
  expect(frame()).toMatchObject({ latest_release: null, campaigns: [] })
  world.release('2.1.0', { simulation: { self_test_failure_percent: 100 } })
  const id = world.draft()
  expect(frame().campaigns[0]).toMatchObject({
    state: 'approved',
    waves: [],
    completion: [],
    success_rate: null,
  })
  world.order('startCampaign', id)
  world.pass(10, rollsBack)
  expect(frame()).toMatchObject({
    latest_release: { version: '2.1.0' },
    campaigns: [{ state: 'paused', pause: { blast_radius: 2 } }],
  })
  expect(campaignDetail.parse(world.campaign(id)).settings.waves).toEqual([5, 15, 80])
  expect(campaignGauges(world.reports)).toMatchObject({
    updatesByState: { SCHEDULED: 28, ROLLED_BACK: 2 },
    campaignsByState: { paused: 1 },
    blastRadius: 2,
  })
  const before = frame()
  expect(frame()).toEqual(before)
  world.resume(id, null, true)
  expect(frame().campaigns[0]?.state).toBe('running')
})

test('the whole way over HTTP', async () => {
  const world = createCampaignWorld(10)
  const send = request(world)
  const release = await send('POST', '/fleet/releases', { version: '2.1.0' })
  expect(releaseShape.parse(release.body)).toMatchObject({
    release_counter: 4,
    tampered: false,
    created_by: 'presenter',
  })
  expect((await send('POST', '/fleet/releases', { version: '2.1.0' })).body.reason).toBe('version_taken')
  expect((await send('POST', '/fleet/releases', { version: '2.2.0', release_counter: 1 })).body.reason).toBe(
    'counter_not_higher',
  )
  expect((await send('GET', '/fleet/releases')).body.releases).toHaveLength(1)
  expect((await send('POST', '/fleet/campaigns/preview', { release_version: '2.1.0' })).body.eligible).toBe(
    10,
  )
  expect((await send('POST', '/fleet/campaigns/preview', { release_version: '9.9.9' })).body.reason).toBe(
    'unknown_release',
  )
  expect((await send('POST', '/fleet/campaigns', { name: 'a', release_version: '9.9.9' })).body.reason).toBe(
    'unknown_release',
  )
  expect(
    (await send('POST', '/fleet/campaigns', { name: 'a', release_version: '2.1.0', waves: [50] })).status,
  ).toBe(422)
  const { id } = (
    await send('POST', '/fleet/campaigns', { name: 'a', release_version: '2.1.0', soak_seconds: 0 })
  ).body
  expect((await send('POST', `/fleet/campaigns/${id}/start`)).body).toMatchObject({
    reason: 'campaign_state',
    state: 'draft',
  })
  expect((await send('POST', `/fleet/campaigns/${id}/approve`)).body.state).toBe('approved')
  expect((await send('POST', `/fleet/campaigns/${id}/start`)).body.state).toBe('running')
  expect((await send('POST', `/fleet/campaigns/${id}/pause`)).body.state).toBe('paused')
  expect(
    (await send('POST', `/fleet/campaigns/${id}/resume`, { release_version: '9.9.9' })).body.reason,
  ).toBe('unknown_release')
  expect((await send('POST', `/fleet/campaigns/${id}/resume`, {})).body.state).toBe('running')
  world.pass(10, succeeds)
  expect((await send('GET', `/fleet/campaigns/${id}`)).body).toMatchObject({
    state: 'finished',
    by_state: { SUCCEEDED: 10 },
  })
  expect((await send('GET', '/fleet/campaigns')).body.campaigns).toHaveLength(1)
  expect((await send('POST', `/fleet/campaigns/${id}/abort`)).status).toBe(409)
  const page = (await send('GET', `/fleet/campaigns/${id}/updates?limit=4`)).body
  expect(page.updates).toHaveLength(4)
  expect(
    (await send('GET', `/fleet/campaigns/${id}/updates?after=${page.next}&state=SUCCEEDED`)).body,
  ).toMatchObject({ next: null })
  const [update] = page.updates
  const steps = (await send('GET', `/fleet/campaigns/${id}/updates/${update.update_id}/transitions`)).body
  expect(steps.transitions.at(-1)).toMatchObject({ from: 'VERIFYING', to: 'SUCCEEDED', actor: 'vehicle' })
  expect((await send('GET', `/fleet/campaigns/${crypto.randomUUID()}`)).status).toBe(404)
  expect((await send('GET', '/fleet/campaigns/nobody/updates')).status).toBe(422)
})

test('the export has every update and transition, and no formula', async () => {
  const world = createCampaignWorld(1200)
  const send = request(world)
  world.release('2.1.0')
  const id = world.start({ name: '=HYPERLINK("http://example.com")', waves: [100], max_concurrent: 10 })
  world.pass(1, succeeds)
  const json = await send('GET', `/fleet/campaigns/${id}/export`)
  expect(json.body.updates).toHaveLength(1200)
  expect(json.body.updates[0].transitions[0]).toMatchObject({ from: null, to: 'SCHEDULED' })
  const csv = await send('GET', `/fleet/campaigns/${id}/export?format=csv`)
  const lines = csv.text.trimEnd().split('\r\n')
  const count = world.db.$client.prepare('SELECT count(*) FROM update_transitions').pluck().get()
  expect(lines).toHaveLength(1 + (count as number))
  expect(lines[1]).toContain(`"'=HYPERLINK(""http://example.com"")"`)
  expect(csv.headers.get('content-disposition')).toContain(`campaign-${id}.csv`)
  expect((await send('GET', `/fleet/campaigns/${id}/export?format=xls`)).status).toBe(422)
  expect([...csvExport(world.campaign(id), [])]).toHaveLength(1)
})

test('the shapes can be written as JSON schema, for the API document', () => {
  for (const shape of [campaignsFrame, campaignDetail])
    expect(z.toJSONSchema(shape, { io: 'output', unrepresentable: 'any' })).toHaveProperty('properties')
})
