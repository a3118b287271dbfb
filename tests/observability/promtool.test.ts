import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { isOnPath } from '../support/on-path.ts'
import { exhaust, ok } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const noPromtool = !isOnPath('promtool')

const GAUGE_TOTAL = 'non-counter metrics should not have "_total" suffix'
/** What promtool advises against and why it stays: each is a name that queries know. */
const advice = [
  // Of the original: how many licenses a tool has.
  `licenses_total ${GAUGE_TOTAL}`,
  // Of the metrics library.
  `nodejs_active_handles_total ${GAUGE_TOTAL}`,
  `nodejs_active_requests_total ${GAUGE_TOTAL}`,
  `nodejs_active_resources_total ${GAUGE_TOTAL}`,
]

test.skipIf(noPromtool)(
  'promtool reads the metrics of a whole app and has advice on four names, no more (skipped without promtool)',
  async () => {
    const world = createWorld()
    const [held] = await exhaust(world, 'cad_tool')
    await ok(world.send('POST', '/licenses/return', { id: held.id }))
    await ok(world.send('POST', '/frontend-error', { message: 'x' }))
    const input = await (await world.send('GET', '/metrics')).text()
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' })
    const complaints = `${stdout}${stderr}`.split('\n').filter(line => line !== '')
    expect(complaints.sort()).toEqual(advice)
  },
)
