/** Every row that the writer reads and writes for the updates of vehicles, as prepared statements. */
import { and, asc, eq, getTableColumns, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/open.ts'
import type { UpdateState } from '../../vehicle/update-states.ts'
import { vehicles } from '../schema.ts'
import { type Campaign, type Transition, type Update, vehicleUpdates } from './schema.ts'
import type { Target } from './settings.ts'
import { targetCondition, targetParams } from './target.ts'

const vehicleColumns = {
  id: vehicles.id,
  vehicle: vehicles.vehicle,
  model: vehicles.model,
  firmware: vehicles.firmware,
  releaseCounter: vehicles.releaseCounter,
  ecus: vehicles.ecus,
  online: vehicles.online,
  activeUpdate: vehicles.activeUpdate,
  batteryPercent: vehicles.batteryPercent,
  lowVoltageVolts: vehicles.lowVoltageVolts,
  parked: vehicles.parked,
}
/** What the campaigns look at in a vehicle. */
export type Vehicle = Pick<typeof vehicles.$inferSelect, keyof typeof vehicleColumns>
/** An update and the vehicle it is for. */
export interface Assigned {
  update: Update
  vehicle: Vehicle
}
export interface UpdateStore {
  /** Vehicles that a target means, by id. */
  targets(target: Target): number[]
  addUpdate(update: { updateId: string; vehicle: number; wave: number }, of: Campaign, now: number): void
  update(updateId: string): Update | undefined
  saveUpdate(update: Update): void
  /** Only another time for the next check. */
  postpone(row: number, dueAt: number): void
  addTransition(transition: Omit<Transition, 'row'>): void
  /** Oldest due first. @param now Unix ms */
  due(of: { campaign: number; state: UpdateState; now: number; limit: number }): Assigned[]
  inStates(campaign: number, states: readonly UpdateState[]): Assigned[]
  /** Updates of other campaigns that wait with an older release for vehicles of this one. */
  supersededBy(campaign: number, releaseCounter: number): Assigned[]
  /** What the server gave up on in a vehicle, newest first. */
  timedOut(vehicle: number): Update | undefined
  refusedBefore(vehicle: number, release: number): boolean
  /** The vehicles of a wave may be checked from now on. */
  openWave(campaign: number, wave: number, now: number): void
  /** All that wait and were never offered get another release; they are checked when their wave is opened. */
  assignRelease(campaign: number, release: number): void
  setActiveUpdate(vehicle: number, updateId: string): void
  clearActiveUpdate(vehicle: number, updateId: string): void
}

export function createUpdateStore(db: Db): UpdateStore {
  const { $client: client } = db
  const param = (name: string) => sql.placeholder(name) as unknown as SQL
  const assigned = () =>
    db
      .select({ update: getTableColumns(vehicleUpdates), vehicle: vehicleColumns })
      .from(vehicleUpdates)
      .innerJoin(vehicles, eq(vehicles.id, vehicleUpdates.vehicle))
  const of = (field: 'campaign' | 'state') => eq(vehicleUpdates[field], param(field))

  const due = assigned()
    .where(and(of('campaign'), of('state'), lte(vehicleUpdates.dueAt, param('now'))))
    .orderBy(asc(vehicleUpdates.dueAt), asc(vehicleUpdates.row))
    .limit(param('limit') as never)
    .prepare()
  const inStates = assigned()
    .where(
      and(of('campaign'), sql`${vehicleUpdates.state} IN (SELECT value FROM json_each(${param('states')}))`),
    )
    .orderBy(asc(vehicleUpdates.row))
    .prepare()
  const superseded = assigned()
    .where(
      sql`${vehicleUpdates.row} IN (
        SELECT older.row FROM vehicle_updates newer
        JOIN vehicle_updates older ON older.vehicle = newer.vehicle AND older.state = 'SCHEDULED'
        JOIN releases ON releases.row = older.release
        WHERE newer.campaign = ${param('campaign')} AND older.campaign <> newer.campaign
          AND releases.release_counter < ${param('releaseCounter')})`,
    )
    .prepare()
  const update = db
    .select()
    .from(vehicleUpdates)
    .where(eq(vehicleUpdates.updateId, param('updateId')))
    .prepare()
  const timedOut = db
    .select()
    .from(vehicleUpdates)
    .where(
      and(
        eq(vehicleUpdates.vehicle, param('vehicle')),
        eq(vehicleUpdates.state, 'TIMED_OUT'),
        // Another campaign brought the release since.
        sql`NOT EXISTS (SELECT 1 FROM vehicle_updates other WHERE other.vehicle = ${vehicleUpdates.vehicle}
          AND other.state = 'SUCCEEDED' AND other.release = ${vehicleUpdates.release})`,
      ),
    )
    .orderBy(sql`${vehicleUpdates.row} DESC`)
    .limit(1)
    .prepare()

  const targets = client
    .prepare<unknown[], number>(`SELECT id FROM vehicles WHERE ${targetCondition} ORDER BY id`)
    .pluck()
  const addUpdate = client.prepare(
    `INSERT INTO vehicle_updates (update_id, campaign, vehicle, wave, release, state, attempt, attempt_ended,
       download_failures, install_failures, endings, failures, rollbacks, since)
     VALUES (@updateId, @campaign, @vehicle, @wave, @release, 'SCHEDULED', 0, 0, 0, 0, 0, 0, 0, @now)`,
  )
  const saveUpdate = client.prepare(
    `UPDATE vehicle_updates SET release = @release, state = @state, reason = @reason, blocked = @blocked,
       attempt = @attempt, attempt_ended = @attemptEnded, download_failures = @downloadFailures,
       install_failures = @installFailures, endings = @endings, failures = @failures, rollbacks = @rollbacks,
       progress = @progress, since = @since, due_at = @dueAt, offered_at = @offeredAt, outcome = @outcome,
       settled_at = @settledAt, settled_round = @settledRound WHERE row = @row`,
  )
  const touchCampaign = client.prepare('UPDATE campaigns SET revision = revision + 1 WHERE row = ?')
  const postpone = client.prepare('UPDATE vehicle_updates SET due_at = ? WHERE row = ?')
  const addTransition = client.prepare(
    `INSERT INTO update_transitions (update_row, from_state, to_state, at, reason, attempt, actor)
     VALUES (@updateRow, @from, @to, @at, @reason, @attempt, @actor)`,
  )
  const refused = client
    .prepare(`SELECT 1 FROM vehicle_updates WHERE vehicle = ? AND state = 'REJECTED' AND release = ? LIMIT 1`)
    .pluck()
  const openWave = client.prepare(
    `UPDATE vehicle_updates SET due_at = @now WHERE campaign = @campaign AND wave = @wave AND state = 'SCHEDULED'`,
  )
  const assignRelease = client.prepare(
    `UPDATE vehicle_updates SET release = @release, blocked = NULL, due_at = NULL
     WHERE campaign = @campaign AND state = 'SCHEDULED'`,
  )
  const setActive = client.prepare(
    'UPDATE vehicles SET active_update = @updateId WHERE id = @vehicle AND active_update IS NULL',
  )
  const clearActive = client.prepare(
    'UPDATE vehicles SET active_update = NULL WHERE id = @vehicle AND active_update = @updateId',
  )

  return {
    targets: target => targets.all(targetParams(target)),
    addUpdate(added, { row: campaign, release }, now) {
      const { lastInsertRowid } = addUpdate.run({ ...added, campaign, release, now })
      const updateRow = Number(lastInsertRowid)
      addTransition.run({
        updateRow,
        from: null,
        to: 'SCHEDULED',
        at: now,
        reason: null,
        attempt: 0,
        actor: 'server',
      })
    },
    update: updateId => update.get({ updateId }),
    saveUpdate(row) {
      saveUpdate.run({ ...row, attemptEnded: Number(row.attemptEnded) })
      touchCampaign.run(row.campaign)
    },
    postpone: (row, dueAt) => void postpone.run(dueAt, row),
    addTransition: transition => void addTransition.run(transition),
    due: asked => due.all(asked as never),
    inStates: (campaign, states) => inStates.all({ campaign, states: JSON.stringify(states) }),
    supersededBy: (campaign, releaseCounter) => superseded.all({ campaign, releaseCounter }),
    timedOut: vehicle => timedOut.get({ vehicle }),
    refusedBefore: (vehicle, release) => refused.get(vehicle, release) !== undefined,
    openWave: (campaign, wave, now) => void openWave.run({ campaign, wave, now }),
    assignRelease: (campaign, release) => void assignRelease.run({ campaign, release }),
    setActiveUpdate: (vehicle, updateId) => void setActive.run({ vehicle, updateId }),
    clearActiveUpdate: (vehicle, updateId) => void clearActive.run({ vehicle, updateId }),
  }
}
