import type { CampaignShape, UpdateShape } from '../../../fleet/campaigns/api.ts'
import { onPress } from '../../busy.ts'
import { byId, h, setText } from '../../dom.ts'
import { timeWithSeconds } from '../../format.ts'
import { Problem } from '../../problem.ts'
import { report } from '../../report-errors.ts'
import { showTime } from '../vehicles/row.ts'
import { reasonOf, updateStateWords } from '../words.ts'
import { groupOfState, updateStateNames } from './groups.ts'
import { transitions, updates } from './requests.ts'

const PAGE = 50

const stateMark = ({ state, progress }: UpdateShape) =>
  h(
    'span',
    { class: 'update-state' },
    h('span', { class: `swatch part-${groupOfState(state)}`, 'aria-hidden': 'true' }),
    `${updateStateWords[state]}${progress === null ? '' : ` ${Math.round(progress)} %`}`,
  )

async function history(id: string, { update_id }: UpdateShape): Promise<Node> {
  const { data } = await transitions(id, update_id)
  return h(
    'ol',
    { class: 'history-list' },
    ...data.transitions.map(({ at, from, to, reason, attempt, actor }) =>
      h(
        'li',
        {},
        h('time', { datetime: at }, timeWithSeconds(at)),
        ' ',
        from === null ? '' : `${updateStateWords[from]} → `,
        h('strong', {}, updateStateWords[to]),
        reason === null ? '' : `, ${reasonOf(reason)}`,
        h('span', { class: 'quiet' }, ` · attempt ${attempt}, by ${actor}`),
      ),
    ),
  )
}

function rowsOf(id: string, update: UpdateShape): Node[] {
  const button = h(
    'button',
    { type: 'button', class: 'ghost vehicle-name', 'aria-expanded': 'false' },
    update.vehicle,
  )
  const cell = h('td', { colspan: 6 })
  const more = h('tr', { class: 'history-row', hidden: true }, cell)
  onPress(button, async () => {
    more.hidden = !more.hidden
    button.setAttribute('aria-expanded', String(!more.hidden))
    if (more.hidden) return
    try {
      cell.replaceChildren(await history(id, update))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      cell.replaceChildren(error.message)
    }
  })
  const since = h('time')
  showTime(since, update.since)
  return [
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, button),
      h('td', {}, stateMark(update)),
      h('td', {}, update.reason === null ? '–' : reasonOf(update.reason)),
      h('td', { class: 'number' }, String(update.wave)),
      h('td', { class: 'number' }, String(update.attempt)),
      h('td', {}, since),
    ),
    more,
  ]
}

/** The updates of a campaign, vehicle by vehicle, each with its history. @returns opens it */
export function updatesDialog(): (campaign: CampaignShape) => void {
  const dialog = byId<HTMLDialogElement>('updates')
  const state = byId<HTMLSelectElement>('updates-state')
  const body = byId('updates-rows')
  const more = byId<HTMLButtonElement>('updates-more')
  let id = ''
  let next: number | null = null
  state.append(...updateStateNames.map(name => h('option', { value: name }, updateStateWords[name])))

  async function load(after: number) {
    const [asked, wanted] = [id, state.value]
    try {
      const { data } = await updates(asked, wanted, after, PAGE)
      if (asked !== id || wanted !== state.value) return
      if (after === 0) body.replaceChildren()
      body.append(...data.updates.flatMap(update => rowsOf(asked, update)))
      next = data.next
      more.hidden = next === null
      byId('updates-table').hidden = body.childElementCount === 0
      setText(
        byId('updates-note'),
        body.childElementCount > 0
          ? 'As of now. Choose a vehicle to see how it got there.'
          : wanted === ''
            ? 'No vehicle yet: they are chosen when the campaign starts.'
            : 'No update is in this state.',
      )
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      setText(byId('updates-note'), error.message)
    }
  }
  state.addEventListener('change', () => void load(0).catch(report))
  onPress(byId<HTMLButtonElement>('updates-again'), () => load(0))
  onPress(more, async () => {
    if (next !== null) await load(next)
  })
  byId('updates-close').addEventListener('click', () => dialog.close())
  return campaign => {
    id = campaign.id
    state.value = ''
    body.replaceChildren()
    setText(byId('updates-title'), `Updates of ${campaign.name}`)
    setText(byId('updates-note'), 'Reading…')
    dialog.showModal()
    void load(0).catch(report)
  }
}
