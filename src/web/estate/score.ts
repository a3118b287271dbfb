import { h, setAttribute, setText, svg } from '../dom.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { scoreLevel, scoreWords } from './levels.ts'
import type { Contributor } from './requests.ts'

const RADIUS = 50
const CENTRE = 60

const partWords: Record<Contributor['part'], string> = {
  cpu: 'CPU',
  memory: 'Memory',
  disk: 'Disk',
  success: 'Success',
  critical_servers: 'Critical servers',
}

function contributorRow(): Row<Contributor> {
  const [name, points, sentence] = [h('strong'), h('span', { class: 'points' }), h('p', { class: 'quiet' })]
  return {
    element: h('li', {}, h('p', {}, name, points), sentence),
    update(contributor) {
      setText(name, partWords[contributor.part])
      setText(points, contributor.points === 0 ? '0' : `−${contributor.points.toFixed(1)}`)
      setText(sentence, contributor.sentence)
    },
  }
}

/** The health score as a ring, and what takes most away from it. null: unknown. */
export function scoreRing(
  parent: HTMLElement,
): (health: { score: number | null; contributors: readonly Contributor[] }) => void {
  const circle = (kind: string) =>
    svg('circle', { class: kind, cx: CENTRE, cy: CENTRE, r: RADIUS, pathLength: 100 })
  const arc = circle('ring-arc')
  setAttribute(arc, 'transform', `rotate(-90 ${CENTRE} ${CENTRE})`)
  const number = svg('text', { class: 'ring-number', x: CENTRE, y: CENTRE + 10 }, '–')
  const caption = svg('text', { class: 'ring-caption', x: CENTRE, y: CENTRE + 28 }, 'of 100')
  const words = h('p', { class: 'score-words' })
  const list = h('ul', { class: 'contributors' })
  const title = h('p', { class: 'quiet' }, 'What takes most away:')
  const ring = svg(
    'svg',
    { class: 'ring', viewBox: '0 0 120 120', 'aria-hidden': 'true', focusable: 'false' },
    circle('ring-ground'),
    arc,
    number,
    caption,
  )
  const element = h(
    'div',
    { class: 'score' },
    h('div', { class: 'score-now' }, ring, words),
    h('div', {}, title, list),
  )
  parent.append(element)
  const rows = keyedList(list, ({ part }: Contributor) => part, contributorRow)
  return ({ score, contributors }) => {
    const level = scoreLevel(score)
    setAttribute(element, 'data-level', level)
    setAttribute(arc, 'stroke-dasharray', `${score ?? 0} 100`)
    setAttribute(arc, 'visibility', score ? null : 'hidden')
    setText(number, score === null ? '–' : String(Math.round(score)))
    words.replaceChildren(
      h('strong', {}, scoreWords[level]),
      h('span', { class: 'visually-hidden' }, score === null ? '' : `: ${score.toFixed(1)} of 100`),
    )
    title.hidden = contributors.length === 0
    rows(contributors)
  }
}
