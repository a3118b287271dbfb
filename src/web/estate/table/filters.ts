import { h } from '../../dom.ts'
import { randomKey } from '../../random.ts'

const DEBOUNCE_MS = 250

/** A choice that narrows the table. */
export interface Choice {
  name: string
  label: string
  options: readonly string[]
}

/** @param changed is told after a pause in typing, or at once for a choice; '' takes a filter away */
export function filtersOf(
  label: string,
  searched: string,
  choices: readonly Choice[],
  changed: (name: string, value: string) => void,
) {
  const field = (words: string, control: HTMLInputElement | HTMLSelectElement, style = 'field') => {
    control.id = `filter-${randomKey()}`
    return h('div', { class: style }, h('label', { for: control.id }, words), control)
  }
  const search = h('input', { type: 'search', autocomplete: 'off', maxlength: 64, spellcheck: 'false' })
  let timer = 0
  search.addEventListener('input', () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => changed('search', search.value.trim()), DEBOUNCE_MS)
  })
  const selects = new Map(
    choices.map(({ name }) => {
      const select = h('select', { change: () => changed(name, select.value) })
      return [name, select]
    }),
  )
  const known = new Map<string, string>()

  /** Offers these values; the one that is chosen stays. */
  function offer(name: string, options: readonly string[]) {
    const select = selects.get(name)
    if (!select) return
    const chosen = select.value
    const offered = chosen === '' || options.includes(chosen) ? options : [...options, chosen]
    if (known.get(name) === offered.join('\n')) return
    known.set(name, offered.join('\n'))
    select.replaceChildren(
      h('option', { value: '' }, 'Any'),
      ...offered.map(value => h('option', { value }, value)),
    )
    select.value = chosen
  }
  for (const { name, options } of choices) offer(name, options)

  const element = h(
    'form',
    {
      class: 'filters',
      role: 'search',
      'aria-label': label,
      submit: (event: Event) => event.preventDefault(),
    },
    field(searched, search, 'field field-search'),
    ...choices.map(({ name, label: words }) => {
      const select = selects.get(name)
      return select ? field(words, select) : null
    }),
  )
  return { element, offer }
}
