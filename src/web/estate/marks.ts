import { h, setAttribute, setText } from '../dom.ts'
import { statusLevel } from './levels.ts'
import { nameWords } from './words.ts'

/** How something is: a shape and a word, so that neither alone must be seen. */
export function statusMark() {
  const element = h('span', { class: 'state' })
  return {
    element,
    update(status: string) {
      setAttribute(element, 'data-level', statusLevel(status))
      setText(element, nameWords(status))
    },
  }
}

/** On what was measured on a real machine. */
export const realMark = () => h('span', { class: 'badge badge-real' }, 'Real')
