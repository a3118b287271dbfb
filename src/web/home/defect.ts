import type { RoomFrame } from '../../stage/api.ts'
import { byId, h } from '../dom.ts'
import { recall, remember } from '../memory.ts'
import { jittered, randomBelow } from '../random.ts'
import { reportNextAgain } from '../report-errors.ts'

const FIRST_THROW_MS = 1500
const THROW_EVERY_MS = 5000
const LOTS = 10_000

interface SeatPlan {
  row: number
}

/** This browser's number from 0 to below 1, drawn once: a fault hits the browsers whose number is below its share. */
function drawLot(): number {
  const remembered = recall<number>('lot')
  if (typeof remembered === 'number' && remembered >= 0 && remembered < 1) return remembered
  const lot = randomBelow(LOTS) / LOTS
  remember('lot', lot)
  return lot
}

/** What the broken release brings: it takes a seat's place from a plan that it forgot to load. */
function placeOfSeat(plans: Map<string, SeatPlan>): number {
  const plan = plans.get('cad_tool') as SeatPlan
  return plan.row
}

/**
 * The fault `browser_script`: in the browsers that it hits, a script of this page throws as long as the release runs.
 * The error is real and is reported as any other; what it is in the way of is nothing that a visitor needs.
 */
export function defect(): (frame: RoomFrame) => void {
  const lot = drawLot()
  const notice = byId('defect')
  let timer = 0
  let broken = ''

  function throwLater(waitMs: number) {
    timer = window.setTimeout(() => {
      throwLater(THROW_EVERY_MS)
      reportNextAgain()
      placeOfSeat(new Map())
    }, waitMs)
  }

  function show(version: string) {
    broken = version
    notice.replaceChildren(
      ...(version
        ? [
            h('strong', {}, `Version ${version} of this page has a defect. `),
            'Your licenses are safe, and borrowing works. The presenter’s team sees it.',
          ]
        : []),
    )
  }

  return ({ browser_script: share, version }) => {
    const isHit = share > lot
    if (isHit && broken !== version) show(version)
    if (isHit && timer === 0) throwLater(jittered(FIRST_THROW_MS))
    if (isHit || timer === 0) return
    clearTimeout(timer)
    timer = 0
    show('')
  }
}
