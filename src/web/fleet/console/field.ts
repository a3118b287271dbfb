import { h, setAttribute, setText } from '../../dom.ts'
import type { FieldError } from '../../problem.ts'
import { randomKey } from '../../random.ts'

/** One labelled control of a form, with its hint and the complaint of the server beside it. */
export interface Field {
  element: HTMLElement
  /** The name of the request's field, as in `simulation.silence_percent`. */
  path: string
  text(): string
  complain(message: string | null): void
}

interface Kind {
  hint?: string
  value?: string
  /** For a number. */
  min?: number
  max?: number
  step?: number | 'any'
  required?: boolean
  placeholder?: string
  maxlength?: number
}

function labelled(
  path: string,
  label: string,
  control: HTMLInputElement | HTMLSelectElement,
  hint = '',
): Field {
  const id = `field-${randomKey()}`
  control.id = id
  setAttribute(control, 'aria-describedby', `${id}-hint ${id}-error`)
  const error = h('p', { class: 'field-error', id: `${id}-error` })
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    control,
    h('p', { class: 'field-hint', id: `${id}-hint` }, hint),
    error,
  )
  const complain = (message: string | null) => {
    setText(error, message ?? '')
    setAttribute(control, 'aria-invalid', message === null ? null : 'true')
  }
  control.addEventListener('input', () => complain(null))
  return { element, path, text: () => control.value.trim(), complain }
}

/** A text. */
export const textField = (path: string, label: string, { hint, value = '', ...rest }: Kind = {}): Field =>
  labelled(path, label, h('input', { value, autocomplete: 'off', ...rest }), hint)

/** A number; `text()` is '' where there is none. */
export const numberField = (path: string, label: string, { hint, value = '', ...rest }: Kind = {}): Field =>
  labelled(
    path,
    label,
    h('input', { type: 'number', value, inputmode: 'decimal', step: 'any', ...rest }),
    hint,
  )

/** A choice. @param options value and words */
export function choiceField(path: string, label: string, options: [string, string][], hint = '') {
  const select = h('select', {}, ...options.map(([value, words]) => h('option', { value }, words)))
  return { ...labelled(path, label, select, hint), select }
}

/** Several choices, each a box to tick. @returns those that are ticked */
export function boxes(path: string, legend: string, options: [string, string][], hint: string) {
  const inputs = options.map(([value, words]) => {
    const input = h('input', { type: 'checkbox', value })
    return { input, element: h('label', { class: 'box' }, input, words) }
  })
  return {
    path,
    element: h(
      'fieldset',
      { class: 'boxes' },
      h('legend', {}, legend),
      h('p', { class: 'field-hint' }, hint),
      h('div', { class: 'box-list' }, ...inputs.map(({ element }) => element)),
    ),
    ticked: () => inputs.filter(({ input }) => input.checked).map(({ input }) => input.value),
  }
}

/** One box to tick. */
export function box(words: string): { element: HTMLElement; ticked: () => boolean } {
  const input = h('input', { type: 'checkbox' })
  return { element: h('label', { class: 'box' }, input, words), ticked: () => input.checked }
}

/** Puts what the server said about fields beside them. @returns what belongs to no field here */
export function complainTo(fields: readonly Field[], errors: FieldError[]): string[] {
  for (const field of fields) field.complain(null)
  return errors.flatMap(({ path, message }) => {
    const field = fields.find(known => path === known.path || path.startsWith(`${known.path}.`))
    field?.complain(`The server says: ${message}`)
    return field ? [] : [`${path}: ${message}`]
  })
}
