import type { StackReply } from '../../stage/api.ts'
import { call } from '../api.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import type { LivePart } from './live-parts.ts'

type Part = StackReply['parts'][number]

/** What makes the signals first, then what keeps and shows them. */
const order: Part['name'][] = [
  'server',
  'broker',
  'fleet',
  'estate',
  'prometheus',
  'alertmanager',
  'loki',
  'grafana',
]
const byOrder = (one: Part, other: Part) => order.indexOf(one.name) - order.indexOf(other.name)

const stateWords: Record<Part['state'], string> = { up: 'Up', absent: 'Not here', failing: 'Failing' }

function partRow(first: Part): Row<Part> {
  const link = h('a', { target: '_blank', rel: 'noopener' }, first.title)
  const plain = h('span', {}, first.title)
  const state = h('span', { class: 'part-state' })
  const detail = h('span', { class: 'part-detail' })
  const element = h('li', {}, h('strong', {}, link, plain), state, detail)
  return {
    element,
    update(part) {
      link.hidden = part.url === null
      plain.hidden = part.url !== null
      if (part.url) setAttribute(link, 'href', part.url)
      setAttribute(element, 'data-state', part.state)
      const took = part.state === 'up' && part.took_ms !== null ? `, ${Math.round(part.took_ms)} ms` : ''
      setText(state, stateWords[part.state] + took)
      setText(detail, part.detail)
    },
  }
}

/** Each part of the stack, as the server finds it. */
export function stackPart(): LivePart {
  const rows = keyedList(byId('stack-parts'), (part: Part) => part.name, partRow)
  function draw(parts: Part[]) {
    rows([...parts].sort(byOrder))
    const up = parts.filter(({ state }) => state === 'up').length
    const absent = parts.filter(({ state }) => state === 'absent').length
    const rest = absent > 0 ? ` ${absent} not here: npm run stack starts them.` : ''
    setText(byId('stack-words'), `${up} of ${parts.length} answer.${rest}`)
  }
  return {
    takes: { stage: ({ stack }) => draw(stack) },
    shown() {
      const words = byId('stack-words')
      if (byId('stack-parts').childElementCount === 0)
        call<StackReply>('/stack').then(
          ({ data }) => draw(data.parts),
          () => setText(words, 'The server does not say how its parts are. The deck goes on without.'),
        )
      return () => {}
    },
  }
}
