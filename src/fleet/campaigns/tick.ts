/** One step of everything that is not at rest. Whatever it needs is in the tables, so a restart changes nothing. */
import type { UpdateReason } from '../../vehicle/update-states.ts'
import { evaluate, isOverdue } from './evaluate.ts'
import { finish } from './finish.ts'
import { beginAnew, move } from './move.ts'
import { sendCancel, tryOffer } from './offer.ts'
import { mayRetry, retriedAfterSilence, retryDelayMs } from './retries.ts'
import { runsRelease } from './runs-release.ts'
import type { Campaign } from './schema.ts'
import { isInstalling, timedStates } from './transitions.ts'
import type { Assigned } from './update-store.ts'
import type { Work } from './work.ts'

/** The most updates that one step looks at, of each kind. */
const AT_ONCE = 1000

export function tick(work: Work): { campaigns: number } {
  const live = work.store.liveCampaigns()
  for (const campaign of live) step(work, campaign)
  return { campaigns: live.length }
}

function step(work: Work, campaign: Campaign): void {
  const { store, deciding } = work
  for (const state of timedStates)
    for (const assigned of store.due({ campaign: campaign.row, state, now: deciding.now, limit: AT_ONCE }))
      timeOut(work, campaign, assigned)
  if (campaign.state === 'aborting') {
    if (underWay(work, campaign) === 0) finish(work, campaign, 'aborted')
    return
  }
  if (campaign.state !== 'running') return
  if (isOverdue(work, campaign)) giveUpWaiting(work, campaign)
  evaluate(work, campaign)
  if (campaign.state === 'running') offerDue(work, campaign)
}

/** Silence is a failure. What cannot have been installed is tried again; what may have been is not. */
function timeOut(work: Work, campaign: Campaign, assigned: Assigned): void {
  const { update, vehicle } = assigned
  const { state } = update
  if (isInstalling(state)) {
    // The car runs the release: only the word of it was lost.
    const hasIt = runsRelease(vehicle, work.store.release(update.release))
    move(work, campaign, assigned, hasIt ? { to: 'SUCCEEDED' } : { to: 'TIMED_OUT', reason: 'timeout' })
    beginAnew(work, campaign, assigned)
  } else if (!waitForRetry(work, campaign, assigned)) {
    move(work, campaign, assigned, { to: 'TIMED_OUT', reason: silence(update) })
    sendCancel(work, assigned)
  }
}

function waitForRetry(work: Work, campaign: Campaign, assigned: Assigned): boolean {
  const { update } = assigned
  const part = retriedAfterSilence(update.state)
  if (part === null || campaign.state === 'aborting') return false
  const failures = ++update.downloadFailures
  if (!mayRetry(part, failures, campaign.settings)) return false
  const dueAt = work.deciding.now + retryDelayMs(failures, campaign.settings, work.random)
  move(work, campaign, assigned, { to: 'RETRY_WAIT', reason: silence(update), dueAt })
  return true
}

function silence({ state, reason }: Assigned['update']): UpdateReason {
  if (state === 'NOTIFIED') return 'no_answer'
  if (state === 'WAITING_FOR_CONSENT') return 'no_consent'
  return state === 'WAITING_FOR_PRECONDITIONS' ? (reason ?? 'timeout') : 'timeout'
}

/** After the deadline nothing waits any longer. What is under way comes to its end. */
function giveUpWaiting(work: Work, campaign: Campaign): void {
  const { store } = work
  for (const assigned of store.inStates(campaign.row, ['SCHEDULED', 'RETRY_WAIT']).slice(0, AT_ONCE)) {
    const { state, blocked } = assigned.update
    if (state === 'RETRY_WAIT') move(work, campaign, assigned, { to: 'TIMED_OUT', reason: 'timeout' })
    else if (blocked === null) move(work, campaign, assigned, { to: 'CANCELED', reason: 'timeout' })
    else move(work, campaign, assigned, { to: 'INELIGIBLE', reason: blocked })
  }
}

const underWay = ({ store }: Work, { row, round }: Campaign) =>
  store.waveCounts(row, round).reduce((sum, wave) => sum + wave.underWay, 0)

/** Offers the release to what is due, retries first, as long as there is room. */
function offerDue(work: Work, campaign: Campaign): void {
  const { store, deciding } = work
  const release = store.release(campaign.release)
  let room = campaign.settings.max_concurrent - underWay(work, campaign)
  for (const state of ['RETRY_WAIT', 'SCHEDULED'] as const)
    for (const assigned of store.due({
      campaign: campaign.row,
      state,
      now: deciding.now,
      limit: AT_ONCE,
    })) {
      // A retry has its place already.
      if (state === 'SCHEDULED' && room <= 0) return
      if (tryOffer(work, campaign, release, assigned)) room--
    }
}
