import { onPress } from '../busy.ts'
import { h, setText } from '../dom.ts'

/** Selects a text, so that a keyboard can copy it where the clipboard is out of reach (plain HTTP). */
function select(element: Element): void {
  const range = document.createRange()
  range.selectNodeContents(element)
  const selection = getSelection()
  selection?.removeAllRanges()
  selection?.addRange(range)
}

/** A piece of text to take away, with a button that copies it. @param title what it is */
export function copyable(title: string, text: string): HTMLElement {
  const code = h('code', {}, text)
  const button = h('button', { type: 'button', class: 'ghost', 'aria-label': `Copy: ${title}` }, 'Copy')
  onPress(button, async () => {
    select(code)
    try {
      await navigator.clipboard.writeText(text)
      setText(button, 'Copied')
    } catch {
      setText(button, 'Selected')
    }
  })
  return h(
    'figure',
    { class: 'copyable' },
    h('figcaption', {}, title),
    h('pre', { tabindex: '0', role: 'region', 'aria-label': title }, code),
    button,
  )
}
