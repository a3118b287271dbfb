import type { BurnShape, DeliveryFrame } from '../../delivery/api.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { duration, frequencyWords, percentOf, shortDuration, times } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'

function burnRow(): Row<BurnShape> {
  const [title, target, long, short, left] = [
    h('span', {}),
    h('span', { class: 'quiet' }),
    h('td', { class: 'number' }),
    h('td', { class: 'number' }),
    h('td', { class: 'number' }),
  ]
  const badge = h('span', { class: 'badge', 'data-tone': 'bad' }, 'pages')
  return {
    element: h('tr', {}, h('th', { scope: 'row' }, title, ' ', badge, h('br'), target), long, short, left),
    update(burn) {
      setText(title, burn.title)
      setText(target, `${percentOf(burn.target, 1)}, pages at ${times(burn.factor)}`)
      setText(long, times(burn.long))
      setText(short, times(burn.short))
      setAttribute(long, 'data-over', burn.long !== null && burn.long > burn.factor ? 'yes' : null)
      setAttribute(short, 'data-over', burn.short !== null && burn.short > burn.factor ? 'yes' : null)
      setText(left, percentOf(burn.budget_left, 1))
      badge.hidden = !burn.paging
    },
  }
}

/** How fast each objective's budget burns, and the five numbers of delivery. @returns takes the frame */
export function showBurn(): (frame: DeliveryFrame) => void {
  const list = keyedList(byId('burn'), ({ objective }: BurnShape) => objective, burnRow)
  return ({ burn, kpis }) => {
    list(burn)
    byId('burn-table').hidden = burn.length === 0
    const [first] = burn
    if (first) {
      setText(byId('burn-long'), shortDuration(first.long_seconds))
      setText(byId('burn-short'), shortDuration(first.short_seconds))
    }
    const seconds = (value: number | null) => (value === null ? 'no data' : duration(value))
    const lines = {
      'kpi-frequency': `${frequencyWords(kpis.deployments_per_day)} (${kpis.deployments})`,
      'kpi-lead': seconds(kpis.lead_time_seconds),
      'kpi-failed': percentOf(kpis.change_failure_rate, 1),
      'kpi-recovery': seconds(kpis.failed_deployment_recovery_seconds),
      'kpi-rework': percentOf(kpis.rework_rate, 1),
    }
    for (const [id, words] of Object.entries(lines)) setText(byId(id), words)
  }
}
