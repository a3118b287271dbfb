/** The built program as a process of its own, with the words that these tests say often. */
import { once } from 'node:events'
import { runProgram } from '../../support/program.ts'
import { waitFor } from '../../support/wait-for.ts'
import type { Answer } from '../../support/wire.ts'
import { FLEET_KEY, TOKEN } from '../../support/world.ts'

export interface FleetProgram {
  mqttPort: number
  lines(event: string): Record<string, unknown>[]
  /** As the presenter. */
  send(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }>
  /** The value of one series; 0 where it is not there yet. */
  metric(series: string): Promise<number>
  /** `kill -9`. */
  kill(): Promise<void>
}

export async function startProgram(
  dbPath: string,
  mqttPort = 0,
  more: Record<string, string> = {},
): Promise<FleetProgram> {
  const env = {
    LOG_LEVEL: 'info',
    RATE_LIMIT: '0',
    PRESENTER_TOKEN: TOKEN,
    FLEET_KEY,
    MQTT_PORT: String(mqttPort),
    ...more,
  }
  const program = runProgram(env, ['--db', dbPath])
  const port = await program.port()
  const url = `http://127.0.0.1:${port}`
  const lines = (event: string) => program.lines().filter(line => line.event === event)
  return {
    mqttPort: Number(lines('server_started')[0]?.mqtt_port),
    lines,
    async send(method, path, body) {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: await response.json() }
    },
    async metric(series) {
      const text = await (await fetch(`${url}/metrics`)).text()
      const line = text.split('\n').find(row => row.startsWith(`${series} `))
      return Number(line?.slice(series.length + 1) ?? 0)
    },
    async kill() {
      const ended = once(program.child, 'exit')
      program.child.kill('SIGKILL')
      await ended
    },
  }
}

/** Quick, and for every vehicle: none has to wait for a charge or a night. */
const quick = {
  name: 'in bad days',
  soak_seconds: 0,
  battery_floor_percent: 0,
  backoff_seconds: 1,
  backoff_cap_seconds: 1,
}

/** Vehicles that stand still, as a campaign wants them: those that drive are asked again every five seconds only. */
export async function parked({ send }: Pick<FleetProgram, 'send'>, atLeast: number): Promise<string[]> {
  let names: string[] = []
  await waitFor(async () => {
    const { vehicles } = await done(send('GET', '/fleet/vehicles?state=online&limit=200'))
    names = vehicles.filter((row: Answer) => row.parked === true).map((row: Answer) => row.vehicle)
    return names.length >= atLeast
  })
  return names.slice(0, atLeast)
}

/** Makes a release and starts a campaign with it. @returns the campaign's id */
export async function startCampaign(
  { send }: Pick<FleetProgram, 'send'>,
  release: { version: string } & Record<string, unknown>,
  settings: object = {},
): Promise<string> {
  await done(send('POST', '/fleet/releases', release))
  const { id } = await done(
    send('POST', '/fleet/campaigns', { ...quick, release_version: release.version, ...settings }),
  )
  await done(send('POST', `/fleet/campaigns/${id}/approve`, {}))
  await done(send('POST', `/fleet/campaigns/${id}/start`, {}))
  return id
}

export const campaignOf = ({ send }: Pick<FleetProgram, 'send'>, id: string): Promise<Answer> =>
  done(send('GET', `/fleet/campaigns/${id}`))

export const whenState = (
  { send }: Pick<FleetProgram, 'send'>,
  id: string,
  state: string,
  withinMs: number,
) => waitFor(async () => (await campaignOf({ send }, id)).state === state, withinMs)

async function done(answer: ReturnType<FleetProgram['send']>): Promise<Answer> {
  const { status, body } = await answer
  if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`)
  return body
}
