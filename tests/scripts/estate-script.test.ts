import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startStage } from '../estate/whole/stage-process.ts'
import { freePort } from '../mqtt/brokers.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitFor } from '../support/wait-for.ts'
import { FLEET_KEY } from '../support/world.ts'
import { root } from './stack-world.ts'

const LONG_MS = 30_000

/** Runs it to its end. */
function estate(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/estate.ts', ...args],
    {
      cwd: root,
      env: { PATH: process.env.PATH, FLEET_KEY, ...env },
      encoding: 'utf8',
      timeout: 60_000,
    },
  )
  return { status, stdout, stderr }
}

describe('what it is asked', () => {
  test.each([[['--help']], [['-h']], [['ingest', '--help']]])('%j prints what there is', args => {
    const { status, stdout, stderr } = estate(args)
    expect([status, stderr]).toEqual([0, ''])
    for (const verb of ['all', 'generator', 'ingest', 'transform', 'replay', 'score'])
      expect(stdout).toMatch(new RegExp(`^  ${verb} `, 'm'))
    expect(stdout).toContain('--from DAY')
  })

  test('nothing at all prints the same, and is no success', () => {
    expect(estate([])).toMatchObject({ status: 78, stdout: expect.stringContaining('Usage: npm run estate') })
  })

  test('a verb that there is not is named, with those that there are', () => {
    const { status, stdout, stderr } = estate(['restart', '--servers', '3'])
    expect([status, stdout]).toEqual([78, ''])
    expect(stderr).toContain('restart: must be one of all, generator, ingest, transform, replay, score')
  })

  test('every problem is told at once', () => {
    const { status, stdout, stderr } = estate([
      'generator',
      '--servers',
      '5001',
      '--history',
      'many',
      '--interval',
      '4',
      '--colour',
      'red',
    ])
    expect([status, stdout]).toEqual([78, ''])
    for (const name of ['--servers', '--history', '--interval', '--colour']) expect(stderr).toContain(name)
  })

  test('what only the variables know is told at once, too', () => {
    const { status, stderr } = estate(['ingest', '--name', 'UP', '--port', 'http', '--lake', 'ftp://x'])
    expect(status).toBe(78)
    for (const name of ['ESTATE_STAGE_NAME', 'ESTATE_STAGE_PORT', 'LAKE_URL']) expect(stderr).toContain(name)
  })
})

test('an ingestion alone needs a broker, and says which', () => {
  const lake = join(temporaryFolder(), 'lake')
  const { status, stderr } = estate(['ingest', '--lake', lake])
  expect([status, existsSync(lake)]).toEqual([78, false])
  expect(stderr).toContain('MQTT_URL=')
})

test.each([['yesterday'], ['2026-13-01'], ['2026-02-30'], ['20261114']])('replay from %s is no day', day => {
  const { status, stderr } = estate(['replay', '--from', day])
  expect(status).toBe(78)
  expect(stderr).toContain('--from: must be a day, as in 2026-11-14')
})

test('replay needs to be told from which day', () => {
  expect(estate(['replay'])).toMatchObject({
    status: 78,
    stderr: expect.stringContaining('--from 2026-11-14'),
  })
})

test('replay of an empty lake takes nothing, says so and ends', () => {
  const folder = temporaryFolder()
  const args = [
    'replay',
    '--from',
    '2026-11-14',
    '--lake',
    join(folder, 'lake'),
    '--db',
    join(folder, 'e.db'),
  ]
  const { status, stdout } = estate(args)
  expect([status, stdout]).toEqual([0, '{"objects":0,"samples":0}\n'])
})

test('a lake that cannot be opened is told in a sentence', () => {
  const folder = temporaryFolder()
  const file = join(folder, 'file')
  writeFileSync(file, '')
  for (const verb of [
    ['transform'],
    ['replay', '--from', '2026-11-14'],
    ['ingest', '--url', 'mqtt://127.0.0.1:9'],
  ]) {
    const { status, stderr } = estate([...verb, '--lake', join(file, 'lake'), '--db', join(folder, 'e.db')])
    expect([verb[0], status]).toEqual([verb[0], 1])
    expect(stderr).toContain('The lake cannot be opened')
    expect(stderr).toContain('LAKE_URL')
    expect(stderr).not.toContain('at ')
  }
})

test('the score is a table of what was broken and found', () => {
  const { status, stdout } = estate(['score', '--hours', '1', '--servers', '5'])
  expect(status).toBe(0)
  expect(stdout).toContain('in 1 simulated hours')
  for (const column of ['kind', 'faults', 'found', 'recall', 'precision']) expect(stdout).toContain(column)
})

describe('a stage in a process of its own', () => {
  const environment = async (folder: string) => ({
    FLEET_KEY,
    // Nobody listens there: a stage waits for its broker.
    MQTT_URL: `mqtt://127.0.0.1:${await freePort()}`,
    LAKE_URL: join(folder, 'lake'),
    ESTATE_DB_PATH: join(folder, 'estate.db'),
    ESTATE_SERVERS: '3',
    ESTATE_HISTORY_DAYS: '0',
  })

  test.each(['generator', 'ingest', 'transform'])(
    'the %s answers how it is and what it measures, and SIGTERM ends it well',
    async stage => {
      const folder = temporaryFolder()
      const running = startStage([stage], folder, { ...(await environment(folder)), ESTATE_STAGE_PORT: '0' })
      await waitFor(() => running.port() !== null || running.isOver(), LONG_MS)
      const base = `http://127.0.0.1:${running.port()}`
      const health = await fetch(`${base}/health`)
      expect([200, 503]).toContain(health.status)
      expect(await health.json()).toMatchObject({
        status: health.status === 200 ? 'healthy' : 'unhealthy',
        service: stage,
      })
      const metrics = await (await fetch(`${base}/metrics`)).text()
      expect(metrics).toContain('estate_samples_total')
      expect(metrics).toContain('process_cpu_seconds_total')
      expect(await running.end('SIGTERM')).toEqual({ code: 0, signal: null })
      expect(running.text()).toContain('server_stopped')
    },
    60_000,
  )

  test('who cannot reach its broker is not well, and says why', async () => {
    const folder = temporaryFolder()
    const running = startStage(['generator'], folder, {
      ...(await environment(folder)),
      ESTATE_STAGE_PORT: '0',
      ESTATE_INTERVAL: '5',
    })
    await waitFor(() => running.port() !== null || running.isOver(), LONG_MS)
    await waitFor(async () => {
      const response = await fetch(`http://127.0.0.1:${running.port()}/health`)
      const { problem } = (await response.json()) as { problem?: string | null }
      return response.status === 503 && problem?.includes('broker') === true
    }, LONG_MS)
    expect(await running.end('SIGTERM')).toEqual({ code: 0, signal: null })
  }, 60_000)

  test.each(['generator', 'ingest', 'transform'])(
    'a port that is taken ends the %s with a sentence that names the variable',
    async stage => {
      const folder = temporaryFolder()
      const other = createServer().listen(0, '127.0.0.1')
      onTestFinished(() => void other.close())
      await new Promise(resolve => other.once('listening', resolve))
      const { port } = other.address() as { port: number }
      const running = startStage([stage], folder, {
        ...(await environment(folder)),
        ESTATE_STAGE_PORT: String(port),
      })
      const late = setTimeout(() => process.kill(running.pid, 'SIGKILL'), LONG_MS)
      const { code } = await running.ended
      clearTimeout(late)
      expect(code).toBe(1)
      expect(running.text()).toContain('ESTATE_STAGE_PORT')
    },
    60_000,
  )

  test('help tells how to start it; what is no stage is refused', async () => {
    const folder = temporaryFolder()
    const help = startStage(['--help'], folder)
    expect(await help.ended).toMatchObject({ code: 0 })
    expect(help.text()).toContain('generator|ingest|transform')
    const none = startStage(['analytics'], folder)
    expect(await none.ended).toMatchObject({ code: 78 })
    expect(none.text()).toContain('--help')
  })
})
