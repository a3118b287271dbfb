/** Parse, call, shape. */
import type { AppContext } from '../../http/context.ts'
import type { Operations } from '../../http/operation.ts'
import { problem } from '../../http/problem.ts'
import { reply, stamp } from '../../http/reply.ts'
import type { Clock } from '../../shared/clock.ts'
import type { FleetWriter } from '../commands.ts'
import type { Changed, Released } from './commands.ts'
import { csvExport, jsonExport } from './export.ts'
import * as operations from './operations.ts'
import type { CampaignReports } from './reports.ts'
import { createStreamOf } from './text-stream.ts'

export interface CampaignRoutes {
  writer: FleetWriter
  reports: CampaignReports
  clock: Clock
}

const RELEASES_MAX = 100
const CAMPAIGNS_MAX = 50
const EXPORT_PAGE = 500
/** Who the guard lets through. */
const actor = 'presenter'

export function serveCampaigns({ serve }: Operations, { writer, reports, clock }: CampaignRoutes): void {
  serve(operations.createReleaseOperation, async ({ body }, c) => {
    const outcome = await writer.submit('createRelease', { request: body, actor })
    if (outcome.kind === 'version_taken')
      return problem(c, 'version_taken', `There is a release ${body.version} already.`)
    if (outcome.kind === 'counter_not_higher') return notHigher(c, outcome)
    return reply(
      c,
      reports.releases(RELEASES_MAX).find(({ version }) => version === body.version),
    )
  })
  serve(operations.releasesOperation, async (_input, c) =>
    reply(c, { releases: reports.releases(RELEASES_MAX) }),
  )
  serve(operations.previewOperation, async ({ body }, c) => {
    const preview = reports.preview(body, clock.now())
    return preview ? reply(c, preview) : unknownRelease(c, body.release_version)
  })
  serve(operations.createCampaignOperation, async ({ body }, c) => {
    const outcome = await writer.submit('createCampaign', { request: body, actor })
    if (outcome.kind === 'unknown_release') return unknownRelease(c, body.release_version)
    return answer(c, outcome)
  })
  serve(operations.campaignsOperation, async (_input, c) =>
    reply(c, { campaigns: reports.campaigns(CAMPAIGNS_MAX) }),
  )
  serve(operations.campaignOperation, async ({ params: { id } }, c) => {
    const campaign = reports.campaign(id)
    return campaign ? reply(c, campaign) : unknownCampaign(c)
  })
  serve(operations.approveOperation, async ({ params: { id } }, c) =>
    answer(c, await writer.submit('approveCampaign', { id, actor })),
  )
  serve(operations.startOperation, async ({ params: { id } }, c) =>
    answer(c, await writer.submit('startCampaign', { id, actor })),
  )
  serve(operations.pauseOperation, async ({ params: { id } }, c) =>
    answer(c, await writer.submit('pauseCampaign', { id, actor })),
  )
  serve(operations.abortOperation, async ({ params: { id } }, c) =>
    answer(c, await writer.submit('abortCampaign', { id, actor })),
  )
  serve(operations.resumeOperation, async ({ params: { id }, body }, c) => {
    const releaseVersion = body.release_version ?? null
    const retryFailed = body.retry_failed
    const outcome = await writer.submit('resumeCampaign', { id, actor, releaseVersion, retryFailed })
    if (outcome.kind === 'unknown_release') return unknownRelease(c, releaseVersion ?? '')
    if (outcome.kind === 'counter_not_higher') return notHigher(c, outcome)
    return answer(c, outcome)
  })
  serve(operations.updatesOperation, async ({ params: { id }, query }, c) => {
    const page = reports.updates(id, query)
    return page ? reply(c, page) : unknownCampaign(c)
  })
  serve(operations.transitionsOperation, async ({ params }, c) => {
    const found = reports.transitions(params.id, params.update_id)
    return found ? reply(c, found) : problem(c, 'unknown_update', 'There is no such update of this campaign.')
  })
  serve(operations.exportOperation, async ({ params: { id }, query: { format } }, c) => {
    const campaign = reports.campaign(id)
    if (!campaign) return unknownCampaign(c)
    const pages = reports.history(id, EXPORT_PAGE)
    const text = format === 'csv' ? csvExport(campaign, pages) : jsonExport(campaign, pages)
    const facts = c.get('facts')
    facts.stamped = true
    return new Response(createStreamOf(text), {
      headers: {
        ...stamp(facts),
        'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
        'Content-Disposition': `attachment; filename="campaign-${id}.${format}"`,
        'Cache-Control': 'no-store',
      },
    })
  })
}

function answer(c: AppContext, outcome: Changed): Response {
  switch (outcome.kind) {
    case 'unknown_campaign':
      return unknownCampaign(c)
    case 'campaign_state':
      return problem(c, 'campaign_state', `The campaign is ${outcome.state}: this cannot be done now.`, {
        state: outcome.state,
      })
    case 'changed':
      return reply(c, { id: outcome.id, state: outcome.state, outcome: outcome.outcome })
  }
}

const unknownCampaign = (c: AppContext) => problem(c, 'unknown_campaign', 'Campaign not found')
const unknownRelease = (c: AppContext, version: string) =>
  problem(c, 'unknown_release', `There is no release ${version}.`)

const notHigher = (c: AppContext, { newest }: Extract<Released, { kind: 'counter_not_higher' }>) =>
  problem(c, 'counter_not_higher', `The newest release has the counter ${newest}; this one must be above.`, {
    newest,
  })
