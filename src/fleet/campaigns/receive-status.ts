/** A vehicle says how far its update is, or comes back. */
import type { UpdateStatusMessage } from '../../vehicle/messages.ts'
import type { UpdateReason } from '../../vehicle/update-states.ts'
import type { VehicleRow } from '../schema.ts'
import { beginAnew, move } from './move.ts'
import { sendCancel, sendOffer } from './offer.ts'
import { pause } from './pause.ts'
import { mayRetry, retriedAfter, retryDelayMs } from './retries.ts'
import { runsRelease } from './runs-release.ts'
import type { Campaign } from './schema.ts'
import { type IgnoredReason, isFinal, isTimed, isWithdrawable, judgeReport } from './transitions.ts'
import type { Assigned } from './update-store.ts'
import type { Work } from './work.ts'

/** An offer or a withdrawal is repeated at most this often. */
const REPEAT_MS = 5000

/** Takes a status; what comes late, twice or out of order is told, and changes nothing. */
export function receiveStatus(work: Work, vehicle: VehicleRow, message: UpdateStatusMessage): void {
  const { store, deciding } = work
  const update = store.update(message.update_id)
  if (update?.vehicle !== vehicle.id) {
    ignore(work, vehicle, message, 'unknown_update')
    return
  }
  const assigned = { update, vehicle }
  const campaign = store.campaignAt(update.campaign)
  const judged = judgeReport(update, {
    state: message.state,
    reason: message.reason ?? null,
    attempt: message.attempt,
    progress: message.progress ?? null,
    runsRelease: runsRelease(
      {
        firmware: message.firmware ?? vehicle.firmware,
        releaseCounter: message.release_counter ?? vehicle.releaseCounter,
      },
      store.release(update.release),
    ),
  })
  if (judged.kind === 'ignored') {
    ignore(work, vehicle, message, judged.why)
    withdrawAgain(work, assigned, message)
  } else if (judged.kind === 'progress') {
    update.progress = message.progress ?? null
    if (isTimed(update.state))
      update.dueAt = deciding.now + campaign.settings.timeout_seconds[update.state] * 1000
    store.saveUpdate(update)
  } else {
    const { to, reason } = judged
    update.attemptEnded = isFinal(to)
    move(work, campaign, assigned, { to, reason, actor: 'vehicle' })
    if (message.progress !== undefined && !update.attemptEnded) {
      update.progress = message.progress
      store.saveUpdate(update)
    }
    if (to === 'FAILED') failed(work, campaign, assigned, reason)
    beginAnew(work, campaign, assigned)
  }
}

/** A vehicle that goes on with what was withdrawn did not hear of it. */
function withdrawAgain(work: Work, assigned: Assigned, { state, attempt }: UpdateStatusMessage): void {
  const { update } = assigned
  const { now } = work.deciding
  const goesOn = isWithdrawable(state) && !isTimed(update.state) && attempt === update.attempt
  if (!goesOn || update.attemptEnded || !isDue(update.offeredAt, now)) return
  update.offeredAt = now
  work.store.saveUpdate(update)
  sendCancel(work, assigned)
}

const isDue = (sentAt: number | null, now: number) => sentAt === null || now - sentAt >= REPEAT_MS

function ignore(
  { deciding }: Work,
  { vehicle }: VehicleRow,
  message: UpdateStatusMessage,
  why: IgnoredReason,
): void {
  const { update_id, state, attempt } = message
  deciding.tell({ kind: 'status_ignored', vehicle, update_id, state, attempt, why })
}

function failed(work: Work, campaign: Campaign, assigned: Assigned, reason: UpdateReason | null): void {
  const { update } = assigned
  if (update.release !== campaign.release) return
  if (reason === 'bad_signature' && campaign.state === 'running') {
    const detail = `${assigned.vehicle.vehicle} refused the release: its signature does not verify.`
    pause(work, campaign, { rule: 'bad_signature', detail })
    return
  }
  const part = retriedAfter(reason)
  if (part === null || (campaign.state !== 'running' && campaign.state !== 'paused')) return
  const failures = part === 'download' ? ++update.downloadFailures : ++update.installFailures
  if (!mayRetry(part, failures, campaign.settings)) return
  const dueAt = work.deciding.now + retryDelayMs(failures, campaign.settings, work.random)
  move(work, campaign, assigned, { to: 'RETRY_WAIT', reason, dueAt })
}

/** A vehicle came back. What it was offered is said again, and what it has is believed. */
export function vehicleOnline(work: Work, vehicle: VehicleRow): void {
  const { store, deciding } = work
  const update =
    vehicle.activeUpdate === null ? store.timedOut(vehicle.id) : store.update(vehicle.activeUpdate)
  if (!update || update.attempt === 0 || update.attemptEnded) return
  const assigned = { update, vehicle }
  const campaign = store.campaignAt(update.campaign)
  const release = store.release(update.release)
  if (runsRelease(vehicle, release)) {
    move(work, campaign, assigned, { to: 'SUCCEEDED' })
    beginAnew(work, campaign, assigned)
    return
  }
  const isOffered = isTimed(update.state) && update.release === campaign.release
  if (isOffered && campaign.state === 'running' && isDue(update.offeredAt, deciding.now))
    sendOffer(work, campaign, release, assigned)
}
