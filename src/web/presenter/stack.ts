import type { StackReply, StageFrame } from '../../stage/api.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { keyedList, type Row } from '../keyed-list.ts'

type Part = StackReply['parts'][number]
const words: Record<Part['state'], string> = { up: 'up', absent: 'absent', failing: 'failing' }

function partRow(): Row<Part> {
  const title = h('span', { class: 'part-title' })
  const state = h('span', { class: 'part-state' })
  const detail = h('span', { class: 'quiet' })
  let url: string | null = null
  return {
    element: h('li', {}, title, state, detail),
    update(part) {
      if (part.url !== url || title.textContent === '') {
        url = part.url
        const isLink = url !== null && /^https?:\/\//.test(url)
        title.replaceChildren(
          isLink ? h('a', { href: url ?? '', target: '_blank', rel: 'noopener' }, part.title) : part.title,
        )
      }
      setText(state, words[part.state])
      setAttribute(state, 'data-state', part.state)
      setText(detail, part.took_ms === null ? part.detail : `${part.detail} (${Math.round(part.took_ms)} ms)`)
    },
  }
}

/** The parts of the stack, each with how it does. @returns takes the frame of the stage */
export function showStack(): (frame: StageFrame) => void {
  const list = keyedList(byId('stack'), ({ name }: Part) => name, partRow)
  return ({ stack }) => {
    list(stack)
    const failing = stack.filter(({ state }) => state === 'failing').length
    const up = stack.filter(({ state }) => state === 'up').length
    setText(
      byId('stack-note'),
      stack.length === 0
        ? 'Not known yet'
        : failing > 0
          ? `${failing} of ${stack.length} failing`
          : `${up} of ${stack.length} up`,
    )
  }
}
