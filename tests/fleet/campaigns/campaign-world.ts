/** Campaigns on a real database of their own, with a clock that moves when told and vehicles that do as scripted. */
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openDatabase, prepareDatabase } from '../../../src/db/open.ts'
import { campaignRequest, releaseRequest } from '../../../src/fleet/campaigns/api.ts'
import type { CampaignCommands, CampaignEvent, Changed } from '../../../src/fleet/campaigns/commands.ts'
import {
  campaignMigrations,
  createCampaignReports,
  createCampaigns,
} from '../../../src/fleet/campaigns/index.ts'
import type { Deciding, FleetEvent } from '../../../src/fleet/commands.ts'
import { vehicleMigrations } from '../../../src/fleet/migrations.ts'
import { type VehicleRow, vehicles } from '../../../src/fleet/schema.ts'
import { seededRandom } from '../../../src/shared/random.ts'
import { signingKey } from '../../../src/vehicle/credentials.ts'
import type { UpdateCommandMessage, UpdateStatusMessage } from '../../../src/vehicle/messages.ts'
import type { UpdateReason, UpdateState, VehicleReportedState } from '../../../src/vehicle/update-states.ts'
import { START } from '../../support/fake-clock.ts'
import { temporaryFolder } from '../../support/world.ts'

export const KEY = signingKey('the fleet key of the tests')
export type Offer = Extract<UpdateCommandMessage, { kind: 'offer' }>
/** What a vehicle says to an offer: a state, or a state with a reason. */
export type Script = (
  vehicle: string,
  offer: Offer,
) => (VehicleReportedState | [VehicleReportedState, UpdateReason])[]

export const succeeds: Script = () => [
  'DOWNLOADING',
  'DOWNLOADED',
  'INSTALLING',
  'ACTIVATING',
  'VERIFYING',
  'SUCCEEDED',
]
export const rollsBack: Script = () => [
  'DOWNLOADING',
  'INSTALLING',
  'VERIFYING',
  'ROLLING_BACK',
  ['ROLLED_BACK', 'self_test_failed'],
]
export const isSilent: Script = () => []

const ecus = ['gateway', 'telematics', 'powertrain', 'body', 'infotainment'].map(ecu => ({
  ecu,
  hardware: 'A',
  version: '1.3.0',
}))

export type CampaignWorld = ReturnType<typeof createCampaignWorld>

export function createCampaignWorld(count: number) {
  const path = join(temporaryFolder(), 'fleet.db')
  prepareDatabase({ path, busyTimeoutMs: 1000 }, [vehicleMigrations, campaignMigrations], () => {})
  const db = openDatabase({ path, busyTimeoutMs: 1000 })
  db.$client.pragma('synchronous = OFF')
  onTestFinished(() => void db.$client.close())
  let campaigns = createCampaigns(db, { signingKey: KEY, random: seededRandom(7) })
  const reports = createCampaignReports(db)
  let now = START
  let seq = 0
  const events: FleetEvent[] = []
  let sent: { vehicle: string; message: UpdateCommandMessage }[] = []
  const offers: { vehicle: string; at: number; offer: Offer }[] = []
  const cancels: string[] = []

  const insert = db.$client.prepare(
    `INSERT INTO vehicles (vehicle, vin, model, year, region, hardware, firmware, release_counter, slot, ecus, connectivity,
       boot, online, first_seen_at, last_seen_at, battery_percent, low_voltage_volts, parked)
     VALUES (?, ?, ?, 2024, ?, 'A', '1.3.0', 3, 'a', ?, '5g', 'boot', 1, 0, 0, 80, 12.6, 1)`,
  )
  db.$client.transaction(() => {
    for (let number = 1; number <= count; number++)
      insert.run(
        nameOf(number),
        `VIN${number}`,
        number % 2 ? 'aurora' : 'breeze',
        'austin',
        JSON.stringify(ecus),
      )
  })()

  function inTransaction<T>(work: (deciding: Deciding) => T): T {
    const told: FleetEvent[] = []
    const messages: typeof sent = []
    const deciding: Deciding = {
      now,
      toVehicle: (vehicle, { topic, message }) => {
        if (topic === 'update/command') messages.push({ vehicle, message })
      },
      tell: event => void told.push(event),
    }
    const result = db.$client.transaction(() => work(deciding)).immediate()
    events.push(...told)
    sent.push(...messages)
    return result
  }
  const row = (vehicle: string): VehicleRow => {
    const found = db
      .select()
      .from(vehicles)
      .all()
      .find(of => of.vehicle === vehicle)
    if (!found) throw new Error(`no ${vehicle}`)
    return found
  }
  const rowByName = db.$client.prepare(
    'SELECT id, vehicle, model, firmware, release_counter AS releaseCounter, online, active_update AS activeUpdate, battery_percent AS batteryPercent, low_voltage_volts AS lowVoltageVolts, parked FROM vehicles WHERE vehicle = ?',
  )

  const world = {
    db,
    path,
    reports,
    events,
    offers,
    cancels,
    get now() {
      return now
    },
    advance(ms: number) {
      now += ms
    },
    row,
    set(vehicle: string, columns: Record<string, string | number | null>) {
      const names = Object.keys(columns)
      db.$client
        .prepare(
          `UPDATE vehicles SET ${names.map(name => `${name} = @${name}`).join(', ')} WHERE vehicle = @vehicle`,
        )
        .run({ ...columns, vehicle })
    },
    run: <K extends keyof CampaignCommands>(
      kind: K,
      input: CampaignCommands[K]['in'],
    ): CampaignCommands[K]['out'] =>
      inTransaction(deciding =>
        campaigns.handlers[kind](input as never, deciding),
      ) as CampaignCommands[K]['out'],
    release: (version: string, options: object = {}) =>
      world.run('createRelease', {
        request: releaseRequest.parse({ version, ...options }),
        actor: 'presenter',
      }),
    /** Makes and approves a campaign. */
    draft(options: object = {}) {
      const request = campaignRequest.parse({ name: 'spring', release_version: '2.1.0', ...options })
      const made = world.run('createCampaign', { request, actor: 'presenter' })
      if (made.kind !== 'changed') throw new Error(made.kind)
      world.run('approveCampaign', { id: made.id, actor: 'presenter' })
      return made.id
    },
    start(options: object = {}) {
      const id = world.draft(options)
      world.run('startCampaign', { id, actor: 'presenter' })
      return id
    },
    order: (
      kind: 'approveCampaign' | 'startCampaign' | 'pauseCampaign' | 'abortCampaign',
      id: string,
    ): Changed => world.run(kind, { id, actor: 'presenter' }),
    resume: (id: string, releaseVersion: string | null = null, retryFailed = false) =>
      world.run('resumeCampaign', { id, actor: 'presenter', releaseVersion, retryFailed }),
    /** A vehicle reports. */
    say(
      vehicle: string,
      of: { update_id: string; attempt: number },
      state: VehicleReportedState,
      more: Partial<UpdateStatusMessage> = {},
    ) {
      const message: UpdateStatusMessage = {
        vehicle,
        boot: 'boot',
        seq: ++seq,
        at: now,
        sent: now,
        state,
        update_id: of.update_id,
        attempt: of.attempt,
        ...more,
      }
      inTransaction(deciding =>
        campaigns.uplinks.updateStatus(rowByName.get(vehicle) as VehicleRow, message, deciding),
      )
    },
    online: (vehicle: string) =>
      inTransaction(deciding => campaigns.uplinks.online(rowByName.get(vehicle) as VehicleRow, deciding)),
    /** Takes what was sent to vehicles, and lets them answer at once. */
    answer(script: Script) {
      const messages = sent
      sent = []
      for (const { vehicle, message } of messages) {
        if (message.kind === 'cancel') {
          cancels.push(vehicle)
          continue
        }
        offers.push({ vehicle, at: now, offer: message })
        for (const step of script(vehicle, message)) {
          const [state, reason] = typeof step === 'string' ? [step] : step
          const installed = state === 'SUCCEEDED'
          const { version: firmware, release_counter } = message.manifest
          if (installed) world.set(vehicle, { firmware, release_counter })
          world.say(vehicle, message, state, {
            ...(reason && { reason }),
            ...(installed && { firmware, release_counter }),
          })
        }
      }
    },
    /** Lets seconds pass: a step of the campaigns, then the vehicles answer. */
    pass(seconds: number, script: Script) {
      for (let second = 0; second < seconds; second++) {
        now += 1000
        world.run('tick', {})
        world.answer(script)
      }
    },
    campaign(id: string) {
      const found = reports.campaign(id)
      if (!found) throw new Error('no such campaign')
      return found
    },
    updates: (id: string) => reports.updates(id, { limit: 500, after: 0 })?.updates ?? [],
    update(id: string, vehicle: string) {
      const found = world.updates(id).find(of => of.vehicle === vehicle)
      if (!found) throw new Error(`no update of ${vehicle}`)
      return found
    },
    /** The states that an update went through. */
    way: (id: string, vehicle: string): UpdateState[] =>
      reports.transitions(id, world.update(id, vehicle).update_id)?.transitions.map(({ to }) => to) ?? [],
    told: (kind: CampaignEvent['kind']) => events.filter(event => event.kind === kind),
    /** As after a restart: nothing is kept but the file. */
    restart() {
      campaigns = createCampaigns(db, { signingKey: KEY, random: seededRandom(8) })
    },
  }
  return world
}

export const nameOf = (number: number) => `vehicle_${String(number).padStart(5, '0')}`
