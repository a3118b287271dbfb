import type { BudgetRequest } from '../../licensing/api.ts'
import { budgets, saveBudget } from '../api.ts'
import { onPress } from '../busy.ts'
import { h, setAttribute, setText } from '../dom.ts'
import { plural } from '../format.ts'
import { Problem } from '../problem.ts'
import { consequences } from './consequences.ts'
import { type Budget, type Field, fields } from './fields.ts'

export interface BudgetForm {
  element: HTMLElement
  /** @param allowed whether this browser may save */
  allow(allowed: boolean): void
}

/** The form of one pool: checks as one types, says what a change will do, saves only what it has seen. */
export function budgetForm(first: Budget): BudgetForm {
  let shown = first
  const inputs = fields.map(field => fieldInput(first.tool, field, () => preview()))
  const effects = h('ul', { class: 'effects', 'aria-live': 'polite' })
  const outcome = h('p', { class: 'save-outcome', role: 'status' })
  const choices = h('div', { class: 'choices' })
  const save = h('button', { class: 'primary', type: 'submit' }, 'Save')
  const reset = h('button', { class: 'ghost', type: 'button' }, 'Undo')
  const held = h('p', { class: 'quiet' })
  const titleId = `title-${first.tool}`
  const form = h(
    'form',
    { novalidate: true, 'aria-labelledby': titleId },
    h('h2', { id: titleId }, first.tool),
    held,
    h('div', { class: 'fields' }, ...inputs.map(({ element }) => element)),
    effects,
    h('div', { class: 'form-actions' }, save, reset),
    outcome,
    choices,
  )

  function take(budget: Budget) {
    shown = budget
    for (const input of inputs) input.write(budget)
    setText(held, `${plural(budget.borrowed, 'seat')} held now, at most ${budget.cap}`)
    preview()
  }

  /** The settings that the form holds, or null where a field is not valid. */
  function wanted(): Budget | null {
    const values: [string, number | null][] = []
    for (const { field, value } of inputs) {
      const read = value(shown)
      if (read === undefined) return null
      values.push([field.name, read])
    }
    return { ...shown, ...Object.fromEntries(values) }
  }

  function preview() {
    const next = wanted()
    const said = next ? consequences(shown, next) : []
    effects.replaceChildren(...said.map(sentence => h('li', {}, sentence)))
    return next
  }

  async function submit(etag: string) {
    const next = preview()
    choices.replaceChildren()
    if (!next) {
      setText(outcome, 'Not saved: look at the marked fields.')
      form.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus()
      return
    }
    try {
      const { data } = await saveBudget(requestOf(next), etag)
      await refresh()
      setText(outcome, ['Saved.', ...data.warnings.map(warning => `Note: ${warning}.`)].join(' '))
    } catch (error) {
      await refused(error)
    }
  }

  async function refused(error: unknown) {
    if (!(error instanceof Problem)) throw error
    setText(outcome, `Not saved: ${error.message}`)
    for (const { path, message } of error.fields)
      inputs.find(({ field }) => field.name === path)?.complain(`The server says: ${message}`)
    if (error.reason === 'stale_settings') await offerChoice()
  }

  /** Somebody else saved meanwhile: show theirs, and let the presenter decide. */
  async function offerChoice() {
    const theirs = await newest()
    if (!theirs) return
    const differing = fields.filter(({ write }) => write(theirs) !== write(shown))
    const list = differing.map(({ label, write }) => h('li', {}, `${label}: now ${write(theirs) || 'none'}`))
    const takeTheirs = h('button', { type: 'button' }, 'Take theirs')
    const saveMine = h('button', { type: 'button' }, 'Save mine anyway')
    onPress(takeTheirs, async () => {
      take(theirs)
      choices.replaceChildren()
      setText(outcome, 'These are the settings as somebody else saved them.')
    })
    onPress(saveMine, () => submit(theirs.etag))
    choices.replaceChildren(h('ul', {}, ...list), takeTheirs, saveMine)
  }

  const newest = async () => (await budgets()).data.tools.find(({ tool }) => tool === first.tool)

  async function refresh() {
    const budget = await newest()
    if (budget) take(budget)
  }

  form.addEventListener('submit', event => event.preventDefault())
  onPress(save, () => submit(shown.etag))
  onPress(reset, async () => {
    take(shown)
    choices.replaceChildren()
    setText(outcome, '')
  })
  take(first)
  return {
    element: h('section', { class: 'card', 'aria-labelledby': titleId }, form),
    allow(allowed) {
      for (const control of form.querySelectorAll<HTMLInputElement | HTMLButtonElement>('input, button'))
        control.disabled = !allowed
    },
  }
}

const requestOf = ({ borrowed: _held, cap: _cap, etag: _etag, ...settings }: Budget): BudgetRequest =>
  settings

/** A labelled input with its hint and its complaint beside it. */
function fieldInput(tool: string, field: Field, changed: () => void) {
  const id = `${tool}-${field.name}`
  const input = h('input', {
    id,
    inputmode: 'decimal',
    autocomplete: 'off',
    'aria-describedby': `${id}-hint ${id}-error`,
  })
  const error = h('p', { class: 'field-error', id: `${id}-error` })
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, field.label),
    input,
    h('p', { class: 'field-hint', id: `${id}-hint` }, field.hint),
    error,
  )
  function complain(message: string | null) {
    setText(error, message ?? '')
    setAttribute(input, 'aria-invalid', message === null ? null : 'true')
  }
  input.addEventListener('input', changed)
  return {
    element,
    field,
    complain,
    write(budget: Budget) {
      input.value = field.write(budget)
    },
    /** @returns undefined where the text means nothing */
    value(budget: Budget): number | null | undefined {
      const read = field.read(input.value, budget)
      complain('error' in read ? read.error : null)
      return 'error' in read ? undefined : read.value
    },
  }
}
