/** A campaign with all its updates and their transitions, as text in pieces. Pure. */
import { rfc3339 } from '../../shared/clock.ts'
import type { CampaignDetail } from './api.ts'
import type { Transition } from './schema.ts'
import { transitionShape, updateShape } from './shapes.ts'
import type { UpdateLine } from './update-report-store.ts'

type Pages = Iterable<{ update: UpdateLine; transitions: Transition[] }[]>

/** One JSON document. */
export function* jsonExport(campaign: CampaignDetail, pages: Pages): Generator<string> {
  yield `{"campaign":${JSON.stringify(campaign)},"updates":[`
  let separator = '\n'
  for (const page of pages) {
    const lines = page.map(({ update, transitions }) =>
      JSON.stringify({ ...updateShape(update), transitions: transitions.map(transitionShape) }),
    )
    yield separator + lines.join(',\n')
    separator = ',\n'
  }
  yield '\n]}\n'
}

const columns = [
  'campaign_id',
  'campaign',
  'update_id',
  'vehicle',
  'wave',
  'state',
  'from',
  'to',
  'at',
  'reason',
  'attempt',
  'actor',
]

/** One line a transition (RFC 4180). */
export function* csvExport(campaign: CampaignDetail, pages: Pages): Generator<string> {
  yield csvLine(columns)
  for (const page of pages) {
    let text = ''
    for (const { update, transitions } of page)
      for (const step of transitions)
        text += csvLine([
          campaign.id,
          campaign.name,
          update.updateId,
          update.vehicle,
          update.wave,
          update.state,
          step.from,
          step.to,
          rfc3339(step.at),
          step.reason,
          step.attempt,
          step.actor,
        ])
    yield text
  }
}

const csvLine = (cells: readonly (string | number | null)[]) => `${cells.map(cell).join(',')}\r\n`

/** A text that a spreadsheet would take for a formula gets an apostrophe (OWASP: CSV injection). */
function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
