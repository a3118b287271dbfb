import { describe, expect, test } from 'vitest'
import type { ObjectTaken } from '../../src/estate/commands.ts'
import { createEstateEvents } from '../../src/estate/events.ts'
import { keyOf, type ObjectKind } from '../../src/estate/lake/object-key.ts'
import { estateMetrics } from '../../src/estate/metrics.ts'
import { estateEventNames } from '../../src/observability/event-names.ts'
import type { Log } from '../../src/observability/logger.ts'
import { createMetrics } from '../../src/observability/metrics.ts'
import { fakeClock, START } from '../support/fake-clock.ts'

function world() {
  const lines: { level: string; event: string; message: string; fields: Record<string, unknown> }[] = []
  const at =
    (level: string) =>
    (event: string, message: string, fields: Record<string, unknown> = {}) =>
      void lines.push({ level, event, message, fields })
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } as unknown as Log
  const clock = fakeClock()
  const metrics = createMetrics({ withProcess: false })
  const events = createEstateEvents({ log, metrics: metrics.register(estateMetrics), clock })
  const text = async () => (await metrics.expose()).text
  return { lines, clock, events, text, eventsOf: () => lines.map(({ event }) => event) }
}

type World = ReturnType<typeof world>

const keyFor = (kind: ObjectKind) => keyOf({ kind, hour: START, writtenAt: START, run: 'a1', number: 1 })
const taken: ObjectTaken = {
  isNew: true,
  refused: null,
  samples: 0,
  duplicates: 0,
  dead: [],
  delayMs: null,
}
const anomaly = {
  cause: 'server:server-0001:cpu',
  type: 'cpu_spike',
  detector: 'threshold',
  resourceKind: 'server',
  resource: 'server-0001',
  service: null,
  region: 'north',
  version: 'v2.4.1',
  resources: 1,
  value: 97,
  expected: 40,
  severity: 'high',
  sentence: 'CPU of server-0001 is at 97 %.',
  startedAt: START,
} as const
const fault = {
  id: 'f1',
  kind: 'cpu_saturation',
  resource_kind: 'server',
  resource: 'server-0001',
  version: null,
  started_at: START,
  ended_at: null,
} as const

function everything({ events }: World) {
  events.ingestion.deadLetters('malformed_json', 3)
  events.ingestion.lakeFailed('full', 'ENOSPC: no space left on device')
  events.ingestion.lakeRecovered()
  events.stageChanged({ stage: 'transform', from: 'healthy', to: 'failing', problem: 'It is 40 s behind.' })
  events.stageChanged({ stage: 'transform', from: 'failing', to: 'stopped', problem: null })
  events.stageChanged({ stage: 'transform', from: 'stopped', to: 'healthy', problem: null })
  events.analytics.told({ tookMs: 20 }, { opened: [anomaly], ended: [anomaly] })
  events.fault(fault)
  events.fault({ ...fault, ended_at: START + 1000 })
  events.historyStarted(START - 86_400_000, START, 24)
  events.historyFinished(1000, 3)
  events.replayStarted(START)
  events.replayFinished(10, 1000, 3)
  events.refused('authentication', 'estate-generator')
  events.hostUnmeasured(new Error('it hangs'))
  events.websocket.opened()
  events.websocket.closed('slow')
}

test('everything that happens has its line, and no line has another event than the list', () => {
  const all = world()
  everything(all)
  expect(new Set(all.eventsOf())).toEqual(new Set(estateEventNames))
})

test('no field takes the name of one that every line has, and every message is the same for each', () => {
  const all = world()
  everything(all)
  for (const { fields, message } of all.lines) {
    for (const name of [
      'time',
      'level',
      'event',
      'msg',
      'service',
      'service_name',
      'version',
      'commit',
      'env',
    ])
      expect(fields).not.toHaveProperty(name)
    expect(message).not.toMatch(/server-0001|transform|north/)
  }
})

describe('samples that are set aside', () => {
  test('a flood is one line a second and reason, which says how many there were; all are counted', async () => {
    const { lines, clock, events, text } = world()
    for (let n = 0; n < 1000; n++) events.ingestion.deadLetters('malformed_json', 5)
    events.ingestion.deadLetters('too_many', 1)
    expect(lines.map(({ fields }) => fields)).toEqual([
      { stage: 'ingest', reason: 'malformed_json', samples: 5 },
      { stage: 'ingest', reason: 'too_many', samples: 1 },
    ])
    clock.advance(1000)
    events.ingestion.deadLetters('malformed_json', 5)
    expect(lines.at(-1)?.fields).toEqual({ stage: 'ingest', reason: 'malformed_json', samples: 5000 })
    expect(await text()).toContain('estate_dead_letters_total{stage="ingest",reason="malformed_json"} 5005')
  })

  test('a dead letter of the ingestion is not told again when its object is taken', async () => {
    const { lines, events, text } = world()
    const dead = [{ reason: 'malformed_json' as const, count: 2 }]
    events.transform.objectTaken(keyFor('dead'), { ...taken, dead }, 0.1)
    expect(lines).toEqual([])
    expect(await text()).toContain('estate_samples_total{kind="unknown",outcome="dead"} 2')
    expect(await text()).toContain('estate_dead_letters_total{stage="transform",reason="malformed_json"} 0')
  })

  test('what the transformer judges is told by it', async () => {
    const { lines, events, text } = world()
    const dead = [{ reason: 'invalid' as const, count: 2 }]
    events.transform.objectTaken(keyFor('server'), { ...taken, samples: 7, duplicates: 3, dead }, 0.1)
    expect(lines.map(({ fields }) => fields)).toEqual([{ stage: 'transform', reason: 'invalid', samples: 2 }])
    const said = await text()
    expect(said).toContain('estate_samples_total{kind="server",outcome="stored"} 7')
    expect(said).toContain('estate_samples_total{kind="server",outcome="duplicate"} 3')
    expect(said).toContain('estate_samples_total{kind="server",outcome="dead"} 2')
    expect(said).toContain('estate_dead_letters_total{stage="transform",reason="invalid"} 2')
  })

  test('an object that was taken before counts nothing', async () => {
    const { events, text } = world()
    events.transform.objectTaken(keyFor('server'), { ...taken, isNew: false, samples: 7, delayMs: 9 }, 0.1)
    const said = await text()
    expect(said).toContain('estate_samples_total{kind="server",outcome="stored"} 0')
    expect(said).toContain('estate_transform_seconds_count 0')
    expect(said).toContain('estate_sample_delay_seconds_count 0')
  })
})

test('a sample delay is told in seconds, and not at all where no sample was live', async () => {
  const { events, text } = world()
  events.transform.objectTaken(keyFor('server'), { ...taken, samples: 1, delayMs: 1500 }, 0.2)
  events.transform.objectTaken(keyFor('server'), { ...taken, samples: 1 }, 0.2)
  const said = await text()
  expect(said).toContain('estate_sample_delay_seconds_sum 1.5')
  expect(said).toContain('estate_sample_delay_seconds_count 1')
  expect(said).toContain('estate_transform_seconds_count 2')
})

test('the lake fails and recovers: a gauge and a line each, and no recovery of what did not fail', async () => {
  const { events, text, eventsOf } = world()
  events.ingestion.lakeRecovered()
  expect(eventsOf()).toEqual([])
  events.ingestion.lakeFailed('away', 'ECONNREFUSED')
  expect(await text()).toContain('estate_lake_failing 1')
  events.ingestion.lakeRecovered()
  expect(await text()).toContain('estate_lake_failing 0')
  expect(await text()).toContain('estate_lake_failures_total{problem="away"} 1')
  expect(eventsOf()).toEqual(['estate_lake_failed', 'estate_lake_recovered'])
})

test('what the storage answered the transformer is told once a second, however often it tries', () => {
  const { events, lines } = world()
  for (let n = 0; n < 50; n++) events.transform.failed('The database is locked.', 'SQLITE_BUSY')
  expect(lines.map(({ fields }) => fields)).toEqual([
    { stage: 'transform', problem: 'The database is locked.', error: 'SQLITE_BUSY' },
  ])
})

test('the first word of a stage is no recovery', () => {
  const { events, lines } = world()
  events.stageChanged({ stage: 'ingest', from: 'unknown', to: 'healthy', problem: null })
  expect(lines).toEqual([])
})

test('an anomaly is counted by its type, one of an unknown type as _other; its line says what and where', async () => {
  const { lines, events, text } = world()
  const strange = { ...anomaly, type: 'client"} text' }
  events.analytics.told({ tookMs: 250 }, { opened: [anomaly, strange], ended: [] })
  expect(lines[0]).toMatchObject({
    level: 'warn',
    fields: {
      type: 'cpu_spike',
      resource: 'server-0001',
      value: 97,
      expected: 40,
      sentence: 'CPU of server-0001 is at 97 %.',
      since: '2026-03-02T10:00:00.000Z',
    },
  })
  const said = await text()
  expect(said).toContain('estate_anomalies_total{type="cpu_spike"} 1')
  expect(said).toContain('estate_anomalies_total{type="_other"} 1')
  expect(said).not.toContain('client')
  expect(said).toContain('estate_analysis_seconds_sum 0.25')
})

test('a storm of anomalies is five lines a second for each type, and is counted in full', async () => {
  const { lines, events, text } = world()
  events.analytics.told({ tookMs: 1 }, { opened: Array.from({ length: 300 }, () => anomaly), ended: [] })
  expect(lines).toHaveLength(5)
  expect(await text()).toContain('estate_anomalies_total{type="cpu_spike"} 300')
})

test('WebSockets are counted; only one that is at fault has a line', async () => {
  const { events, text, eventsOf } = world()
  for (let n = 0; n < 3; n++) events.websocket.opened()
  events.websocket.closed('left')
  expect(eventsOf()).toEqual([])
  events.websocket.closed('flood')
  events.websocket.refused()
  events.websocket.sent(3)
  events.websocket.failed(new Error('no data'))
  expect(eventsOf()).toEqual(['estate_websocket_closed', 'internal_error'])
  const said = await text()
  expect(said).toContain('estate_ws_connections 1')
  expect(said).toContain('estate_ws_closed_total{reason="left"} 1')
  expect(said).toContain('estate_ws_closed_total{reason="refused"} 1')
  expect(said).toContain('estate_ws_messages_total 3')
})

test('every counter stands at 0 from the start, so that its first increase is seen', async () => {
  const { text } = world()
  const said = await text()
  for (const [name, { type }] of Object.entries(estateMetrics))
    if (type === 'counter') expect(said).toMatch(new RegExp(`^${name}({.*})? 0$`, 'm'))
})
