import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { SERVICE } from '../../../src/shared/service.ts'
import { createEstate } from '../../../src/simulator/estate/estate.ts'
import { historySamples } from '../../../src/simulator/estate/history.ts'
import { type Program, runProgram } from '../../support/program.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { waitFor } from '../../support/wait-for.ts'
import { asked, bodiesIn, takenObjects } from './counts.ts'

const TOKEN = 'presenter-of-the-estate'
const SERVERS = 10
const MANY = 150
const HOUR_MS = 3600_000
const LONG_MS = 60_000

/** The server on files of a folder, with a small estate. */
function run(folder: string, env: Record<string, string> = {}) {
  return runProgram({
    PRESENTER_TOKEN: TOKEN,
    LICENSE_DB_PATH: join(folder, 'licenses.db'),
    ESTATE_SERVERS: String(SERVERS),
    ESTATE_HISTORY_DAYS: '1',
    ESTATE_HOST: 'off',
    ...env,
  })
}

async function get(program: Program, path: string) {
  const response = await fetch(`http://127.0.0.1:${await program.port(20_000)}${path}`)
  return { status: response.status, body: (await response.json()) as never }
}
const said = (program: Program, event: string) => program.lines().find(line => line.event === event)

async function drained(program: Program) {
  program.child.kill('SIGTERM')
  expect(await program.ended).toEqual({ code: 0, signal: null })
  expect(program.lines().filter(({ level }) => level === 'error')).toEqual([])
}

/** How many samples of the past there are, by hour and kind of resource. */
const pastOf = (path: string, until: number) =>
  asked(path, rows =>
    rows<{ hour: number; name: string; samples: number }>(
      `SELECT hour, name, samples FROM estate_resource_hours JOIN estate_resources ON id = resource
       WHERE hour < ${until} ORDER BY hour, name`,
    ),
  )

test('history comes, every stage is well, each server is known, and what is broken by hand is told', async () => {
  const folder = temporaryFolder()
  // Only what is broken by hand: a server that is silent would not be counted.
  const program = run(folder, { ESTATE_FAULTS_PER_DAY: '0', ESTATE_INTERVAL: '5' })
  await program.port(20_000)
  await program.until(() => said(program, 'history_finished') !== undefined, LONG_MS)
  // Whole hours, and what is over of the one under way.
  expect([23, 24]).toContain(said(program, 'history_started')?.hours)
  await waitFor(async () => {
    const { body } = await get(program, '/estate/pipeline')
    return (body as { status: string }).status === 'healthy'
  }, LONG_MS)
  const pipeline = (await get(program, '/estate/pipeline')).body as {
    stages: { stage: string; state: string; done: number; dead_letters: number }[]
    history: null
  }
  expect(pipeline.stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
    'generator healthy',
    'ingest healthy',
    'transform healthy',
    'analytics healthy',
  ])
  expect(pipeline.stages.map(({ dead_letters }) => dead_letters)).toEqual([0, 0, 0, 0])
  expect(pipeline.history).toBeNull()
  await waitFor(async () => {
    const { body } = await get(program, '/api/servers/health')
    return (body as { total_servers: number }).total_servers === SERVERS
  }, LONG_MS)

  const broken = await fetch(`http://127.0.0.1:${await program.port()}/estate/faults`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'cpu_saturation', resource: 'server-0003', seconds: 60 }),
  })
  const { id } = (await broken.json()) as { id: string }
  expect([broken.status, id]).toEqual([201, expect.stringContaining('server-0003')])
  await waitFor(async () => {
    const { body } = await get(program, '/estate/faults')
    return (body as { id: string }[]).some(fault => fault.id === id)
  }, LONG_MS)
  await drained(program)
}, 180_000)

test('kill -9 in the middle of the history: started again, each hour has the samples of one run, and no fewer', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'estate.db')
  // Nobody is silent, so that it is known how many samples there are; more of them, so that there is a middle.
  const env = { ESTATE_FAULTS_PER_DAY: '0', ESTATE_SERVERS: String(MANY) }
  const estate = createEstate({ servers: MANY, seed: 1, faultsPerDay: 0 })
  // Nothing live is before the end of it.
  let span = { from: 0, until: 0 }
  let total = 0
  const count = () => pastOf(path, span.until).reduce((sum, { samples }) => sum + samples, 0)
  const left: number[] = []
  for (const share of [0.1, 0.4]) {
    const program = run(folder, env)
    await program.port(20_000)
    await program.until(() => said(program, 'history_started') !== undefined, LONG_MS)
    if (total === 0) {
      const { from, until } = said(program, 'history_started') as { from: string; until: string }
      // Of whole hours only: in the last one live samples follow.
      span = { from: Date.parse(from), until: Math.floor(Date.parse(until) / HOUR_MS) * HOUR_MS }
      total = historySamples(estate, [span])
    }
    await program.until(
      () => said(program, 'history_finished') !== undefined || count() >= total * share,
      LONG_MS,
    )
    const isMiddle = said(program, 'history_finished') === undefined
    program.child.kill('SIGKILL')
    expect((await program.ended).signal).toBe('SIGKILL')
    if (isMiddle) left.push(count())
  }
  // It was killed with some of it in the database, and some not even made.
  expect(left.filter(samples => samples > 0 && samples < total)).not.toEqual([])
  // All that the lake has comes into the database before anything is told again: of the newest hours only some had come.
  const catching = run(folder, { ...env, ESTATE_SERVERS: '0' })
  await catching.port(20_000)
  const objects = (await bodiesIn(join(folder, 'lake'))).length
  await waitFor(() => takenObjects(path) >= objects, LONG_MS)
  await drained(catching)
  expect(count()).toBeLessThan(total)

  const last = run(folder, env)
  await last.port(20_000)
  await last.until(() => said(last, 'history_finished') !== undefined, LONG_MS)
  await waitFor(async () => count() >= total, LONG_MS)
  await wait(300)
  expect(count()).toBe(total)
  expect(pastOf(path, span.until).filter(({ samples }) => samples !== 12)).toEqual([])
  await drained(last)

  // What is told is not told again.
  const again = run(folder, env)
  await again.port(20_000)
  await waitFor(
    async () => ((await get(again, '/estate/pipeline')).body as { status: string }).status === 'healthy',
    LONG_MS,
  )
  expect(said(again, 'history_started')).toBeUndefined()
  await drained(again)
  expect(count()).toBe(total)
}, 240_000)

test('SIGTERM: what the broker had taken is in the lake and in the database when it is started again', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'estate.db')
  const env = { ESTATE_INTERVAL: '5', ESTATE_HISTORY_DAYS: '0', ESTATE_FAULTS_PER_DAY: '0' }
  const program = run(folder, env)
  await program.port(20_000)
  let done = 0
  await waitFor(async () => {
    const { stages } = (await get(program, '/estate/pipeline')).body as { stages: { done: number }[] }
    done = stages[0]?.done ?? 0
    return done >= 3 * SERVERS
  }, LONG_MS)
  await drained(program)
  const last = run(folder, { ...env, ESTATE_SERVERS: '0' })
  await last.port(20_000)
  const rows = () =>
    asked(path, all =>
      ['server', 'container', 'service']
        .flatMap(kind => all<{ n: number }>(`SELECT count(*) AS n FROM estate_${kind}_samples`))
        .reduce((sum, { n }) => sum + n, 0),
    )
  await waitFor(async () => rows() >= done, LONG_MS)
  await drained(last)
}, 180_000)

test('the machine that it runs on is there, marked as real, and the program itself is a service', async () => {
  const folder = temporaryFolder()
  const program = run(folder, { ESTATE_SERVERS: '0', ESTATE_HOST: 'on' })
  await program.port(20_000)
  let servers: { server_id: string; real: boolean; region: string }[] = []
  await waitFor(async () => {
    servers = (await get(program, '/api/servers/current')).body
    return servers.length > 0
  }, LONG_MS)
  expect(servers).toHaveLength(1)
  expect(servers[0]).toMatchObject({ real: true, region: 'here' })
  expect(servers[0]?.server_id).toBe(
    hostname()
      .replace(/[^\w.:/@+-]/g, '-')
      .slice(0, 64),
  )
  const requests = () =>
    asked(join(folder, 'estate.db'), rows =>
      rows<{ n: number }>(
        `SELECT coalesce(sum(requests), 0) AS n FROM estate_service_rollups
         WHERE service = '${SERVICE}' AND region = '*' AND span = 60000`,
      ),
    )[0]?.n ?? 0
  await waitFor(() => requests() > 0, LONG_MS)
  await drained(program)
}, 180_000)
