/** A presenter who shows everything there is, over and over: it is the server's to be well afterwards. */
import { scenarioNames } from '../../src/scenarios/api.ts'
import type { Dice } from '../../tests/support/hostile-requests.ts'
import { presenting } from './borrowers.ts'
import type { Answer } from './client.ts'
import type { Room } from './room.ts'

export const ALERT_TOKEN = 'soak-alertmanager-token'

/** @param ids is told what was made, by its kind */
export async function presenter(room: Room, ids: Map<string, string>): Promise<void> {
  const present = (method: string, path: string, body?: unknown): Promise<Answer | null> =>
    room.client.ask(method, path, { headers: presenting, ...(body !== undefined && { body }) })

  async function faults(d: Dice) {
    const share = d.pick([0.1, 0.3, 1])
    const some = d.pick([
      { latency: { share, ms: 20 + d.roll(400) } },
      { errors: { share: share / 2 } },
      { errors: { share: 0.2 }, latency: { share, ms: 50 } },
      { seat_leak: { share, seats_max: 3 } },
      { noisy_logs: { lines: 5 } },
      { browser_script: { share } },
    ])
    await present('PUT', '/faults', { ...some, seconds: 3 + d.roll(6) })
    await room.rest(d.roll(9000))
    if (d.once(2)) await present('DELETE', '/faults')
  }

  async function scenario(d: Dice) {
    await present('POST', `/scenarios/${d.pick(scenarioNames)}/start`)
    await room.rest(4000 + d.roll(12_000))
    await present('POST', '/scenarios/stop')
  }

  async function traffic(d: Dice) {
    await present('PUT', '/traffic', {
      rate: 5 + d.roll(20),
      seconds: 20,
      seed: d.roll(1000),
      retries: d.roll(3),
    })
    await room.rest(3000 + d.roll(8000))
    await present('DELETE', '/traffic')
  }

  async function race(d: Dice) {
    const started = await present('POST', '/races', {
      factor: 86_400,
      vehicles: 10 + d.roll(30),
      seed: d.roll(1000),
      rate: 5,
    })
    if (started?.status !== 201) return
    const { id } = started.body
    ids.set('race', id)
    await room.rest(20_000 + d.roll(60_000))
    if (d.once(3)) await present('POST', `/races/${id}/cancel`)
  }

  async function deck(d: Dice) {
    const slides = 15
    for (let index = 0; index < slides && room.isOpen; index++) {
      const position = { deck: 'soak', slide: `slide-${index}`, index, slides, claim: index === 0 }
      const answer = await present('POST', '/deck/position', position)
      const meant_for = answer?.body?.position?.revision ?? 0
      await present('POST', '/deck/commands', { action: d.pick(['next', 'previous', 'pause']), meant_for })
      if (d.once(5)) await present('POST', d.pick(['/deck/clock', '/deck/drive']))
      await room.rest(500)
    }
    await present('DELETE', '/deck/drive')
  }

  async function alerts(d: Dice) {
    const startsAt = new Date(Date.now() - d.roll(60_000)).toISOString()
    const alert = (status: string, endsAt: string) => ({
      status,
      fingerprint: d.roll(2 ** 30).toString(16),
      labels: {
        alertname: d.pick(['BorrowAvailabilityBurn', 'PoolExhausted']),
        severity: d.pick(['page', 'warning']),
        slo: 'borrow-availability',
      },
      annotations: { summary: 'made by a soak' },
      startsAt,
      endsAt,
    })
    const fires = [alert('firing', '0001-01-01T00:00:00Z'), alert('firing', '0001-01-01T00:00:00Z')]
    const tell = (all: unknown[]) =>
      room.client.ask('POST', '/alerts/webhook', {
        headers: { authorization: `Bearer ${ALERT_TOKEN}` },
        body: { version: '4', alerts: all },
      })
    await tell(fires)
    const answer = await room.client.ask('GET', '/incidents')
    const id = answer?.body?.incidents?.[0]?.id
    if (id !== undefined) await present('POST', `/incidents/${id}/acknowledge`)
    await room.rest(d.roll(6000))
    await tell(fires.map(fire => ({ ...fire, status: 'resolved', endsAt: new Date().toISOString() })))
  }

  async function releases(d: Dice) {
    await present('POST', '/deployments', d.once(2) ? {} : { faults: { errors: { share: 0.2 } }, seconds: 6 })
    await room.rest(d.roll(5000))
    await present('POST', '/deployments/rollback')
  }

  const estateFault = (d: Dice) =>
    present('POST', '/estate/faults', {
      kind: d.pick(['cpu_saturation', 'silence', 'error_burst']),
      seconds: 60,
    })

  const pageError = () =>
    room.client.ask('POST', '/frontend-error', { body: { message: 'made by a soak', url: '/', lineno: 1 } })

  const reset = () => present('POST', '/stage/reset')

  const shows = { faults, scenario, traffic, race, deck, alerts, releases, estateFault, pageError, reset }
  const order: (keyof typeof shows)[] = [
    ...([
      'faults',
      'scenario',
      'alerts',
      'faults',
      'traffic',
      'deck',
      'releases',
      'estateFault',
      'pageError',
    ] as const),
    ...(['faults', 'race', 'faults', 'alerts', 'scenario', 'reset'] as const),
  ]
  const d = room.diceOf('presenter')
  for (let step = 0; room.isOpen; step++) {
    const name = order[step % order.length] as keyof typeof shows
    await room.server.ready()
    await shows[name](d)
    room.did(`shown: ${name}`)
    await room.rest(500 + d.roll(2500))
  }
}

/** Ends all that was set going, and waits. @returns what did not heal */
export async function healed(room: Room): Promise<string[]> {
  await room.client.ask('POST', '/stage/reset', { headers: presenting })
  const left: string[] = []
  const ask = async (path: string) => (await room.client.ask('GET', path))?.body
  const { possible: _, ...faults } = (await ask('/faults')) ?? { unknown: true }
  if (Object.values(faults).some(value => value !== null)) left.push(`faults: ${JSON.stringify(faults)}`)
  if ((await ask('/scenarios'))?.running !== null) left.push('a scenario runs')
  if ((await ask('/traffic'))?.running !== false) left.push('traffic runs')
  return left
}
