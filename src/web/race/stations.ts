import type { LaneShape, StepShape } from '../../race/api.ts'
import { h, setAttribute, setText } from '../dom.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { laneTime } from './words.ts'

/** The way as a line of stations: those that were reached are lit. The steps beside it say it in words. */
export function stations() {
  const element = h('ol', { class: 'race-stations', 'aria-hidden': 'true' })
  const rows = keyedList(
    element,
    (step: StepShape) => step.name,
    () => {
      const station = h('li')
      return {
        element: station,
        update({ at_ms: at, basis }) {
          setAttribute(station, 'data-reached', at === null ? null : '')
          setAttribute(station, 'data-basis', basis)
        },
      }
    },
  )
  return { element, update: ({ steps }: LaneShape) => rows(steps) }
}

function stepRow(): Row<StepShape> {
  const title = h('span', { class: 'race-step-title' })
  const chip = h('span', { class: 'race-chip', 'data-basis': 'assumed' }, 'Assumed')
  const time = h('span', { class: 'race-step-time' })
  const detail = h('span', { class: 'race-step-detail' })
  const element = h('li', {}, title, chip, time, detail)
  return {
    element,
    update(step) {
      setText(title, step.title)
      setText(time, step.at_ms === null ? 'not reached' : laneTime(step.at_ms))
      setText(detail, step.detail ?? '')
      setAttribute(element, 'data-reached', step.at_ms === null ? null : '')
      chip.hidden = step.basis !== 'assumed'
    },
  }
}

/** Steps in words, newest at the end. @param most only the newest so many; left out: all, also those not reached */
export function stepList(most?: number) {
  const element = h('ol', { class: 'race-steps' })
  const none = h('p', { class: 'race-none' }, 'On its way to the first step…')
  const rows = keyedList(element, (step: StepShape) => step.name, stepRow)
  return {
    element: h('div', { class: 'race-board' }, element, none),
    update({ steps }: LaneShape) {
      const inOrder = steps
        .filter(step => step.at_ms !== null)
        .sort((one, other) => (one.at_ms ?? 0) - (other.at_ms ?? 0))
      none.hidden = inOrder.length > 0 || most === undefined
      rows(
        most === undefined
          ? [...inOrder, ...steps.filter(step => step.at_ms === null)]
          : inOrder.slice(-most),
      )
    },
  }
}
