import type { PoolStatus } from '../licensing/api.ts'
import { setText, svg } from './dom.ts'
import { randomKey } from './random.ts'

const CENTRE = 60
const OUTER = 50
const INNER = 37
const RIM = 56
const MOST_SINGLE_SEATS = 24

interface Share {
  kind: 'commit' | 'overage' | 'free'
  seats: number
}

/** The seats of a pool by what they are now. Seats held above a lowered cap are overage too. */
export function sharesOf(pool: PoolStatus): Share[] {
  const overage = Math.max(0, pool.borrowed - pool.commit)
  return [
    { kind: 'commit', seats: pool.borrowed - overage },
    { kind: 'overage', seats: overage },
    { kind: 'free', seats: pool.free },
  ]
}

/** The same in words, for those who do not see the ring. */
export function describePool(pool: PoolStatus): string {
  const [commit, overage, free] = sharesOf(pool).map(share => share.seats)
  return `${pool.tool}: ${commit} of ${pool.commit} prepaid seats held, ${overage} of ${pool.max_overage} overage seats held, ${free} free.`
}

/** A point on a circle; turns run clockwise from twelve o'clock. */
function point(radius: number, turn: number): string {
  const angle = (turn - 0.25) * 2 * Math.PI
  return `${(CENTRE + radius * Math.cos(angle)).toFixed(2)} ${(CENTRE + radius * Math.sin(angle)).toFixed(2)}`
}

/** A ring sector from one turn to another, less than a whole. */
function sector(from: number, to: number): string {
  const large = to - from > 0.5 ? 1 : 0
  return (
    `M${point(OUTER, from)}A${OUTER} ${OUTER} 0 ${large} 1 ${point(OUTER, to)}` +
    `L${point(INNER, to)}A${INNER} ${INNER} 0 ${large} 0 ${point(INNER, from)}Z`
  )
}

function arc(from: number, to: number): string {
  return `M${point(RIM, from)}A${RIM} ${RIM} 0 ${to - from > 0.5 ? 1 : 0} 1 ${point(RIM, to)}`
}

/** Few seats are drawn one by one, many as one sector for each kind. */
function sectors(shares: Share[], seats: number): { kind: string; from: number; to: number }[] {
  const single = seats <= MOST_SINGLE_SEATS
  const gap = single ? Math.min(0.012, 0.12 / seats) : 0.004
  let turn = 0
  return shares.flatMap(share => {
    const pieces = single ? share.seats : Math.min(1, share.seats)
    const size = pieces ? share.seats / seats / pieces : 0
    return Array.from({ length: pieces }, () => {
      const from = turn + gap / 2
      turn += size
      return { kind: share.kind, from, to: Math.min(turn - gap / 2, from + 0.9999) }
    })
  })
}

/**
 * A pool as a ring: solid for prepaid seats held, hatched for overage held, hollow for free. The thin
 * rim shows how the seats are bought: a line for the commit, dashes for the overage.
 */
export function donut(): { element: SVGSVGElement; update: (pool: PoolStatus) => void } {
  const hatch = `hatch-${randomKey()}`
  const ring = svg('g')
  const rim = svg('g', { class: 'donut-rim' })
  const number = svg('text', { x: CENTRE, y: CENTRE + 3, class: 'donut-number' })
  const caption = svg('text', { x: CENTRE, y: CENTRE + 17, class: 'donut-caption' })
  const element = svg(
    'svg',
    { class: 'donut', viewBox: '0 0 120 120', 'aria-hidden': 'true', focusable: 'false' },
    svg(
      'defs',
      {},
      svg(
        'pattern',
        { id: hatch, width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
        svg('rect', { class: 'donut-hatch-ground', width: 5, height: 5 }),
        svg('rect', { class: 'donut-hatch', width: 3, height: 5 }),
      ),
    ),
    rim,
    ring,
    number,
    caption,
  )
  let drawn = ''
  return {
    element,
    update(pool) {
      const shares = sharesOf(pool)
      const seats = shares.reduce((sum, share) => sum + share.seats, 0)
      const picture = `${pool.commit}/${shares.map(share => share.seats)}`
      if (picture === drawn) return
      drawn = picture
      ring.replaceChildren(
        ...sectors(shares, seats).map(({ kind, from, to }) => {
          const fill = kind === 'overage' ? { fill: `url(#${hatch})` } : {}
          return svg('path', { d: sector(from, to), class: `seat seat-${kind}`, ...fill })
        }),
      )
      const bought = seats ? Math.min(1, pool.commit / seats) : 0
      rim.replaceChildren(
        ...(bought > 0 ? [svg('path', { d: arc(0.004, Math.min(0.9999, bought - 0.004)) })] : []),
        ...(bought < 1 && seats
          ? [svg('path', { d: arc(bought + 0.004, 0.996), class: 'donut-rim-overage' })]
          : []),
      )
      setText(number, String(pool.free))
      setText(caption, 'free')
    },
  }
}
