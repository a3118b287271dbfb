import type { EstateFrame } from '../../estate/api/pipeline.ts'
import { h, setAttribute, setText, svg } from '../dom.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { healthWords, MADE_OF } from './health-words.ts'
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

/** The health score as a ring, its word and why, what takes most away from it, and what it is made of. */
export function scoreRing(parent: HTMLElement): (frame: Pick<EstateFrame, 'health' | 'summary'>) => void {
  const circle = (kind: string) =>
    svg('circle', { class: kind, cx: CENTRE, cy: CENTRE, r: RADIUS, pathLength: 100 })
  const arc = circle('ring-arc')
  setAttribute(arc, 'transform', `rotate(-90 ${CENTRE} ${CENTRE})`)
  const number = svg('text', { class: 'ring-number', x: CENTRE, y: CENTRE + 10 }, '–')
  const caption = svg('text', { class: 'ring-caption', x: CENTRE, y: CENTRE + 28 }, 'of 100')
  const words = h('p', { class: 'score-words' })
  const reason = h('p', { class: 'score-why' })
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
    h('div', { class: 'score-now' }, ring, words, reason),
    h('div', {}, title, list),
    h('p', { class: 'quiet score-made-of' }, MADE_OF),
  )
  parent.append(element)
  const rows = keyedList(list, ({ part }: Contributor) => part, contributorRow)
  return frame => {
    const { score, contributors } = frame.health
    const { level, word, why } = healthWords(frame)
    setAttribute(element, 'data-level', level)
    setAttribute(arc, 'stroke-dasharray', `${score ?? 0} 100`)
    setAttribute(arc, 'visibility', score ? null : 'hidden')
    setText(number, score === null ? '–' : String(Math.round(score)))
    words.replaceChildren(
      h('strong', {}, word),
      h('span', { class: 'visually-hidden' }, score === null ? '' : `: ${score.toFixed(1)} of 100`),
    )
    setText(reason, why)
    title.hidden = contributors.length === 0
    rows(contributors)
  }
}
