/** Everybody who only looks: every address of the API that can be read, with and without what may be asked for. */
import { appToken } from '../../src/vehicle/credentials.ts'
import type { Dice } from '../../tests/support/hostile-requests.ts'
import { FLEET_KEY } from '../bench/server.ts'
import { presenting } from './borrowers.ts'
import type { Room } from './room.ts'

interface Document {
  paths: Record<
    string,
    Record<string, { parameters?: { name: string; in: string }[]; requestBody?: unknown }>
  >
}

/** Streams are for others, and metrics are read each second anyway. */
const NOT_READ = ['/stream', '/ws/metrics', '/metrics']
const queries: Record<string, readonly string[]> = {
  hours: ['1', '24', '168'],
  minutes: ['1', '30', '1440'],
  limit: ['1', '50'],
  interval: ['1min', '5min', '1hour'],
  days: ['1', '7'],
  tool: ['cad_tool', 'nothing'],
  level: ['error', 'info'],
  state: ['online', 'offline'],
  order: ['asc', 'desc'],
  format: ['csv', 'json'],
  topics: ['pools', 'estate,fleet', 'pools,activity,alerts,delivery,campaigns'],
  step: ['60', '3600'],
}
const vehicleOf = (d: Dice) => `vehicle_${String(1 + d.roll(60)).padStart(5, '0')}`

/** @param ids of campaigns and races that were made meanwhile */
export async function readers(room: Room, count: number, ids: ReadonlyMap<string, string>): Promise<void> {
  const answer = await room.client.ask('GET', '/openapi.json')
  if (!answer) throw new Error('the server did not answer with its document')
  const { paths }: Document = answer.body
  const readable = Object.entries(paths).filter(([path, { get }]) => get && !NOT_READ.includes(path))

  async function read(d: Dice) {
    const [path, { get }] = d.pick(readable)
    const vehicle = vehicleOf(d)
    const filled = path
      .replace('{tool}', d.pick(['cad_tool', 'analysis', 'simulation', 'nothing']))
      .replace('{vehicle}', vehicle)
      .replace('{id}', (path.startsWith('/races') ? ids.get('race') : ids.get('campaign')) ?? 'none')
      .replace('{update_id}', 'none')
    const asked = (get?.parameters ?? [])
      .filter(
        ({ name, in: place }) => place === 'query' && name in queries && (name === 'topics' || d.once(3)),
      )
      .map(({ name }) => `${name}=${encodeURIComponent(d.pick(queries[name] ?? []))}`)
    const isVehicles = /^\/api\/(vehicle|charging|navigation|user)\//.test(path)
    if (isVehicles) asked.push(`vehicle_id=${vehicle}`)
    const authorization = isVehicles
      ? { authorization: `Bearer ${appToken(FLEET_KEY, vehicle)}` }
      : presenting
    const headers = isVehicles || d.once(2) ? authorization : {}
    await room.client.ask('GET', asked.length > 0 ? `${filled}?${asked.join('&')}` : filled, { headers })
    room.did('reads')
  }

  /** Locks, unlocks and warms a vehicle: answered when it has done so. */
  async function command(d: Dice) {
    const vehicle_id = vehicleOf(d)
    const [path, more] = d.pick([
      ['/api/vehicle/lock', {}],
      ['/api/vehicle/unlock', {}],
      ['/api/remote/lock', { action: 'lock' }],
    ] as const)
    const headers = { authorization: `Bearer ${appToken(FLEET_KEY, vehicle_id)}` }
    await room.client.ask('POST', path, { headers, body: { vehicle_id, ...more } })
    room.did('vehicle commands')
  }

  async function reader(number: number) {
    const d = room.diceOf(`reader ${number}`)
    while (room.isOpen) {
      await room.server.ready()
      await (d.once(20) ? command(d) : read(d))
      await room.rest(20 + d.roll(250))
    }
  }
  await Promise.all(Array.from({ length: count }, (_, index) => reader(index)))
}
