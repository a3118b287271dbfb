import { h } from '../dom.ts'
import { newHandle } from '../handle.ts'
import { recall, remember } from '../memory.ts'

const MAX_LENGTH = 128

/** The name one borrows under: offered, editable, remembered. */
export interface Identity {
  element: HTMLElement
  name(): string
}

/** The name field with a button that offers another one. */
export function identity(): Identity {
  const remembered = recall<string>('name')
  let current = typeof remembered === 'string' && remembered.trim() ? remembered : newHandle()
  remember('name', current)

  const input = h('input', {
    id: 'name',
    value: current,
    maxlength: MAX_LENGTH,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    enterkeyhint: 'done',
  })

  function take(name: string) {
    current = name
    input.value = name
    remember('name', name)
  }

  // Control characters cannot be seen, so they are dropped; an emptied field gets a new name on leaving it.
  input.addEventListener('input', () => {
    const typed = input.value.replace(/\p{Cc}/gu, '').trim()
    if (typed) {
      current = typed
      remember('name', typed)
    }
  })
  input.addEventListener('change', () => take(input.value.replace(/\p{Cc}/gu, '').trim() || newHandle()))
  function leave(event: Event) {
    event.preventDefault()
    input.blur()
  }
  const another = h('button', { type: 'button', class: 'ghost', click: () => take(newHandle()) }, 'New name')

  const element = h(
    'form',
    { class: 'identity', submit: leave },
    h('label', { for: 'name' }, 'You borrow as'),
    h('div', { class: 'identity-row' }, input, another),
  )
  return { element, name: () => current }
}
