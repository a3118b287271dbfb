/** The checks before an offer, and the offer. */
import { exclusionOf, isPermanent } from './eligibility.ts'
import { move } from './move.ts'
import type { Campaign, Release } from './schema.ts'
import type { Assigned } from './update-store.ts'
import type { Work } from './work.ts'

/** A blocked vehicle is looked at again after this. */
const RECHECK_MS = 5000

/** Offers the release to a vehicle if it can be updated now. Returns whether an offer was sent. */
export function tryOffer(work: Work, campaign: Campaign, release: Release, assigned: Assigned): boolean {
  const { store, deciding } = work
  const { update, vehicle } = assigned
  const { settings } = campaign
  const isRetry = update.state === 'RETRY_WAIT'
  const reason = exclusionOf(vehicle, release.manifest, {
    now: deciding.now,
    batteryFloorPercent: settings.battery_floor_percent,
    window: settings.window,
    refused: store.refusedBefore(vehicle.id, release.row),
    updateId: update.updateId,
  })
  if (reason === null) {
    if (!isRetry) move(work, campaign, assigned, { to: 'PRECHECK' })
    update.attempt++
    update.attemptEnded = false
    move(work, campaign, assigned, { to: 'NOTIFIED' })
    sendOffer(work, campaign, release, assigned)
    return true
  }
  const dueAt = deciding.now + RECHECK_MS
  if (isPermanent(reason)) {
    if (!isRetry) move(work, campaign, assigned, { to: 'PRECHECK' })
    move(work, campaign, assigned, { to: 'INELIGIBLE', reason })
  } else if (reason === update.blocked) store.postpone(update.row, dueAt)
  else if (isRetry) {
    update.blocked = reason
    update.dueAt = dueAt
    store.saveUpdate(update)
  } else {
    move(work, campaign, assigned, { to: 'PRECHECK' })
    move(work, campaign, assigned, { to: 'SCHEDULED', reason, dueAt })
  }
  return false
}

/** Sends the offer of the attempt that an update is in; the vehicle takes the same one twice as once. */
export function sendOffer(
  { store, deciding }: Work,
  { settings }: Campaign,
  release: Release,
  { update, vehicle }: Assigned,
): void {
  update.offeredAt = deciding.now
  store.saveUpdate(update)
  deciding.toVehicle(vehicle.vehicle, {
    topic: 'update/command',
    message: {
      kind: 'offer',
      update_id: update.updateId,
      attempt: update.attempt,
      manifest: release.manifest,
      signature: release.signature,
      consent_required: settings.consent === 'ask',
      battery_floor_percent: settings.battery_floor_percent,
      ...(release.simulation && { simulation: release.simulation }),
    },
  })
}

/** Tells a vehicle that an attempt is withdrawn. */
export function sendCancel({ deciding }: Work, { update, vehicle }: Assigned): void {
  deciding.toVehicle(vehicle.vehicle, {
    topic: 'update/command',
    message: { kind: 'cancel', update_id: update.updateId, attempt: update.attempt },
  })
}
