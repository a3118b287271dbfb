/** What is told of releases and campaigns. Reads only. */
import type { Db } from '../../db/open.ts'
import { rfc3339 } from '../../shared/clock.ts'
import type { UpdateReason, UpdateState } from '../../vehicle/update-states.ts'
import type {
  CampaignDetail,
  CampaignShape,
  CampaignState,
  CampaignsFrame,
  PreviewReply,
  PreviewRequest,
  ReleaseShape,
  TransitionShape,
  UpdateShape,
  UpdatesReply,
} from './api.ts'
import { BATTERY_FLOOR_PERCENT, exclusionOf } from './eligibility.ts'
import { previewOf } from './preview.ts'
import { type CampaignRow, createReportStore } from './report-store.ts'
import type { Transition } from './schema.ts'
import * as shape from './shapes.ts'
import { createUpdateReportStore, type UpdateLine, type UpdatesFilter } from './update-report-store.ts'

const PAUSES_MAX = 50
const TRANSITIONS_MAX = 1000
const SHORT_CURVE = 60
const LONG_CURVE = 200
const FRAME_CAMPAIGNS = 10

export interface CampaignReports {
  releases(limit: number): ReleaseShape[]
  latestRelease(): CampaignsFrame['latest_release']
  /** How the whole fleet stands to the newest release; null: there is none. @param now Unix ms */
  newestRelease(now: number): NewestRelease | null
  /** Null: there is no such release. @param now Unix ms */
  preview(request: PreviewRequest, now: number): PreviewReply | null
  /** Newest first. */
  campaigns(limit: number): CampaignShape[]
  campaign(id: string): CampaignDetail | null
  /** Null: there is no such campaign. */
  updates(id: string, filter: Omit<UpdatesFilter, 'campaign'>): UpdatesReply | null
  transitions(id: string, updateId: string): { update: UpdateShape; transitions: TransitionShape[] } | null
  /** All updates with their transitions, a bounded page at a time. */
  history(id: string, pageSize: number): Generator<{ update: UpdateLine; transitions: Transition[] }[]>
  gauges(): CampaignGauges
}

export interface NewestRelease {
  version: string
  upToDate: number
  /** Vehicles that could be updated to it now. */
  eligible: number
}

/** Over running, paused and aborting campaigns. */
export interface CampaignGauges {
  updatesByState: Partial<Record<UpdateState, number>>
  blockedByReason: Partial<Record<UpdateReason, number>>
  /** Over all campaigns. */
  campaignsByState: Partial<Record<CampaignState, number>>
  /** Of the newest pause by a rule; null: there was none. */
  blastRadius: number | null
  timeToDetectMs: number | null
}

/** @param db may be read-only */
export function createCampaignReports(db: Db): CampaignReports {
  const store = createReportStore(db)
  const updates = createUpdateReportStore(db)
  // A campaign at rest is counted once: its revision tells whether anything changed.
  const known = new Map<number, { revision: number; shape: CampaignShape }>()

  let lastCount: { row: number; until: number; counted: NewestRelease } | undefined

  function count(campaign: CampaignRow, curve: number): CampaignShape {
    const { row, startedAt } = campaign
    const sums = store.sums(row)
    const from = startedAt ?? 0
    const pieces = { from, spanMs: Math.max(1, (sums.lastSettledAt ?? from) - from), buckets: curve - 1 }
    return shape.campaignShape({
      campaign,
      waves: store.waves(row),
      tallies: store.tallies(row),
      ineligible: store.ineligible(row),
      sums,
      pause: store.pauses(row, 1)[0],
      completion:
        startedAt === null ? [] : shape.completionOf(store.steps({ campaign: row, ...pieces }), pieces),
    })
  }

  function summary(campaign: CampaignRow): CampaignShape {
    const { row, revision } = campaign
    const last = known.get(row)
    if (last?.revision === revision) return last.shape
    const counted = count(campaign, SHORT_CURVE)
    known.set(row, { revision, shape: counted })
    return counted
  }

  return {
    releases: limit => store.releases(limit).map(shape.releaseShape),
    latestRelease() {
      const [newest] = store.releases(1)
      if (!newest) return null
      const { version, releaseCounter, createdAt } = newest
      return { version, release_counter: releaseCounter, created_at: rfc3339(createdAt) }
    },
    newestRelease(now) {
      const [newest] = store.releases(1)
      if (!newest) return null
      // Every vehicle is looked at: the answer of a large fleet is kept for longer, a millisecond a vehicle.
      if (lastCount && lastCount.row === newest.row && now < lastCount.until) return lastCount.counted
      const conditions = { now, batteryFloorPercent: BATTERY_FLOOR_PERCENT, window: null }
      const vehicles = updates.candidates({}, newest.row)
      const counted = { version: newest.version, upToDate: 0, eligible: 0 }
      for (const vehicle of vehicles) {
        if (vehicle.releaseCounter >= newest.releaseCounter) counted.upToDate++
        else if (exclusionOf(vehicle, newest.manifest, { ...conditions, refused: vehicle.refused }) === null)
          counted.eligible++
      }
      lastCount = { row: newest.row, until: now + vehicles.length, counted }
      return counted
    },
    preview(request, now) {
      const release = store.release(request.release_version)
      if (!release) return null
      return previewOf(updates.candidates(request.target, release.row), release.manifest, request, now)
    },
    campaigns(limit) {
      const rows = store.campaigns(limit)
      const shapes = rows.map(summary)
      const shown = new Set(rows.map(({ row }) => row))
      if (known.size > 2 * limit) for (const row of known.keys()) if (!shown.has(row)) known.delete(row)
      return shapes
    },
    campaign(id) {
      const campaign = store.campaign(id)
      if (!campaign) return null
      return {
        ...count(campaign, LONG_CURVE),
        target: campaign.target,
        settings: campaign.settings,
        created_by: campaign.createdBy,
        approved_at: shape.timeOrNull(campaign.approvedAt),
        approved_by: campaign.approvedBy,
        pauses: store.pauses(campaign.row, PAUSES_MAX).map(shape.pauseShape),
      }
    },
    updates(id, filter) {
      const campaign = store.campaign(id)
      if (!campaign) return null
      const page = updates.updates({ ...filter, campaign: campaign.row })
      const isFull = page.length === filter.limit
      return { updates: page.map(shape.updateShape), next: isFull ? (page.at(-1)?.row ?? null) : null }
    },
    transitions(id, updateId) {
      const update = updates.update(updateId, id)
      if (!update) return null
      const steps = updates.transitions(update.row, TRANSITIONS_MAX)
      return { update: shape.updateShape(update), transitions: steps.map(shape.transitionShape) }
    },
    *history(id, pageSize) {
      const campaign = store.campaign(id)
      if (!campaign) return
      let after = 0
      while (true) {
        const page = updates.updates({ campaign: campaign.row, limit: pageSize, after })
        const [first, last] = [page[0], page.at(-1)]
        if (!first || !last) return
        const steps = new Map<number, Transition[]>(page.map(({ row }) => [row, []]))
        for (const step of updates.transitionsBetween(first.row, last.row))
          steps.get(step.updateRow)?.push(step)
        yield page.map(update => ({ update, transitions: steps.get(update.row) ?? [] }))
        after = last.row
      }
    },
    gauges() {
      const pause = store.newestPause()
      return {
        updatesByState: Object.fromEntries(store.liveStates().map(of => [of.state, of.updates])),
        blockedByReason: Object.fromEntries(store.liveBlocked().map(of => [of.reason, of.updates])),
        campaignsByState: Object.fromEntries(store.states().map(of => [of.state, of.campaigns])),
        blastRadius: pause?.blastRadius ?? null,
        timeToDetectMs: pause?.timeToDetectMs ?? null,
      }
    },
  }
}

/** The live topic `campaigns`, without the time that every frame gets. */
export const campaignsFrameOf = (reports: CampaignReports): Omit<CampaignsFrame, 'at'> => ({
  latest_release: reports.latestRelease(),
  campaigns: reports.campaigns(FRAME_CAMPAIGNS),
})

export const campaignGauges = (reports: CampaignReports): CampaignGauges => reports.gauges()
