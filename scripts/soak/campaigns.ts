/** Update campaigns, one after the other: a bad release is shipped, the campaign pauses itself, a corrected release ends it. */
import { presenting } from './borrowers.ts'
import type { Answer } from './client.ts'
import type { Room } from './room.ts'

const FIRST_MS = 90_000
const REST_MS = 4000
/** The vehicles that the server simulates: ours install nothing. */
export const VEHICLES = 60

const settings = {
  waves: [30, 70],
  soak_seconds: 2,
  battery_floor_percent: 0,
  backoff_seconds: 1,
  target: {
    vehicles: Array.from({ length: VEHICLES }, (_, index) => `vehicle_${String(index + 1).padStart(5, '0')}`),
  },
}

/** @param ids is told the newest campaign */
export async function campaigns(room: Room, ids: Map<string, string>): Promise<void> {
  /** Asks again over restarts; a change that was made though its answer was lost is refused then, which is as good. */
  async function present(path: string, body?: unknown): Promise<Answer | null> {
    for (let tries = 0; tries < 100 && room.isOpen; tries++) {
      await room.server.ready()
      const answer = await room.client.ask('POST', path, {
        headers: presenting,
        ...(body !== undefined && { body }),
      })
      if (answer && answer.status < 500) return answer
      await room.rest(300)
    }
    return null
  }
  async function reaches(id: string, states: string[], ms: number): Promise<string | null> {
    const until = performance.now() + ms
    while (room.isOpen && performance.now() < until) {
      await room.server.ready()
      const answer = await room.client.ask('GET', `/fleet/campaigns/${id}`)
      if (states.includes(answer?.body?.state)) return answer?.body.state
      await room.rest(1000)
    }
    return null
  }

  for (let number = 1; room.isOpen; number++) {
    const bad = `${number + 2}.0.0`
    const good = `${number + 2}.0.1`
    await present('/fleet/releases', { version: bad, simulation: { self_test_failure_percent: 100 } })
    const made = await present('/fleet/campaigns', {
      ...settings,
      name: `soak ${number}`,
      release_version: bad,
    })
    const id = made?.body?.id
    if (typeof id !== 'string') continue
    ids.set('campaign', id)
    await present(`/fleet/campaigns/${id}/approve`)
    await present(`/fleet/campaigns/${id}/start`)
    room.did('campaigns started')
    if ((await reaches(id, ['paused', 'finished'], FIRST_MS * 2)) === 'paused') {
      room.did('campaigns that paused themselves')
      await present('/fleet/releases', { version: good })
      await present(`/fleet/campaigns/${id}/resume`, { release_version: good, retry_failed: true })
      if (await reaches(id, ['finished'], FIRST_MS * 2))
        room.did('campaigns that a corrected release finished')
      // Who drives installs later than that: the rest is given up.
      const { by_state = {} } = (await room.client.ask('GET', `/fleet/campaigns/${id}`))?.body ?? {}
      if (by_state.SUCCEEDED > 0) room.did('campaigns of which the corrected release was installed')
    }
    await present(`/fleet/campaigns/${id}/abort`)
    await room.rest(REST_MS)
  }
}
