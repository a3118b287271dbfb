/** The corrected release on its way into the vehicles: real campaigns of the real fleet server. */
import { campaignRequest, type FleetEvent, type FleetWriter, releaseRequest } from '../fleet/index.ts'
import { correctedVersion, firmwareOut } from './defect.ts'
import { PAUSE_HOURS } from './process-times.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface CorrectedRelease {
  /** Makes the release, and a campaign with it. */
  start(): void
  /** The server told something. */
  told(event: FleetEvent): void
  /** Nobody is left who could be asked again. */
  readonly over: boolean
}

export interface CorrectedReleaseOptions {
  submit: FleetWriter['submit']
  time: Pick<VirtualTime, 'scheduler' | 'hold'>
  /** Vehicles that still run the defective firmware. */
  left: () => number
  onWave: (wave: number, planned: number) => void
  onFailure: (error: Error) => void
}

const actor = 'twin'
const HOUR_MS = 3600_000
const DAY_S = 86_400
/** While most vehicles stand still, UTC. */
const nights = { from_hour: 1, to_hour: 5 }
/** Campaigns in all: who refused, or could not be reached until the deadline, is asked again. */
const ROUNDS_MAX = 4

/** A vehicle is looked at every few minutes and has no coverage for an hour, so silence means nothing before a day. */
const patience = {
  NOTIFIED: DAY_S,
  WAITING_FOR_CONSENT: DAY_S,
  DOWNLOADING: DAY_S,
  DOWNLOADED: DAY_S,
  WAITING_FOR_PRECONDITIONS: DAY_S,
  INSTALLING: DAY_S,
  ACTIVATING: DAY_S,
  VERIFYING: DAY_S,
  ROLLING_BACK: DAY_S,
}

export function createCorrectedRelease(options: CorrectedReleaseOptions): CorrectedRelease {
  const { submit, time, left, onWave, onFailure } = options
  let round = 0
  let over = false
  const later = (hours: number, task: () => Promise<void>) =>
    time.scheduler.after(hours * HOUR_MS, () => void time.hold(task()).catch(onFailure))

  async function startNext() {
    const version = correctedVersion(++round)
    const release = await submit('createRelease', { request: releaseRequest.parse({ version }), actor })
    if (release.kind !== 'created') throw new Error(`the release ${version} was not made: ${release.kind}`)
    const request = campaignRequest.parse({
      name: round === 1 ? 'the corrected release' : 'the corrected release, asked again',
      release_version: version,
      target: { firmware: [firmwareOut.version] },
      waves: round === 1 ? [5, 15, 80] : [100],
      soak_seconds: DAY_S,
      consent: 'ask',
      window: nights,
      backoff_seconds: 600,
      backoff_cap_seconds: 3600,
      timeout_seconds: patience,
      deadline_hours: round === 1 ? 120 : 48,
    })
    const made = await submit('createCampaign', { request, actor })
    if (made.kind !== 'changed') throw new Error(`the campaign was not made: ${made.kind}`)
    const { id } = made
    for (const order of ['approveCampaign', 'startCampaign'] as const) {
      const outcome = await submit(order, { id, actor })
      if (outcome.kind !== 'changed') throw new Error(`the campaign does not start: ${outcome.kind}`)
    }
  }

  return {
    get over() {
      return over
    },
    start: () => void time.hold(startNext()).catch(onFailure),
    told(event) {
      if (event.kind === 'wave_started' && round === 1) onWave(event.wave, event.planned)
      if (event.kind === 'campaign_paused') {
        const { campaign: id } = event
        later(PAUSE_HOURS, async () => {
          await submit('resumeCampaign', { id, actor, releaseVersion: null, retryFailed: true })
        })
      }
      if (event.kind !== 'campaign_finished') return
      if (round < ROUNDS_MAX && left() > 0) later(0, startNext)
      else over = true
    },
  }
}
