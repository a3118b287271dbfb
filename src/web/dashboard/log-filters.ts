import type { LogLine } from '../../stage/api.ts'
import { byId, h } from '../dom.ts'
import type { LogFilters } from './links.ts'

const TYPING_MS = 300
/** Choices that were seen in lines; more are not offered. */
const SEEN_MAX = 60

const names = ['level', 'event', 'tool', 'version', 'request_id'] as const

/** The controls above the lines. @param changed is told each choice, and the first */
export function logFilters(changed: (filters: LogFilters) => void) {
  const form = byId<HTMLFormElement>('log-filters')
  const reset = byId<HTMLButtonElement>('log-reset')
  const control = Object.fromEntries(
    names.map(name => [name, form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement]),
  ) as Record<(typeof names)[number], HTMLInputElement | HTMLSelectElement>
  const seen = { event: new Set<string>(), tool: new Set<string>(), version: new Set<string>() }
  let last = ''
  let timer = 0

  const chosen = (): LogFilters =>
    Object.fromEntries(
      names.map(name => [name, control[name].value.trim()] as const).filter(([, value]) => value !== ''),
    )

  function take() {
    clearTimeout(timer)
    const filters = chosen()
    const text = JSON.stringify(filters)
    reset.disabled = text === '{}'
    if (text === last) return
    last = text
    changed(filters)
  }

  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = window.setTimeout(take, TYPING_MS)
  })
  form.addEventListener('change', take)
  form.addEventListener('submit', event => {
    event.preventDefault()
    take()
  })
  reset.addEventListener('click', () => {
    form.reset()
    take()
    control.level.focus()
  })

  return {
    /** Begins. */
    start: take,
    /** Offers what lines have: no list of events is in the page. */
    offer(lines: readonly LogLine[]) {
      for (const name of ['event', 'tool', 'version'] as const) {
        const before = seen[name].size
        for (const line of lines) {
          const value = line[name]
          if (value && seen[name].size < SEEN_MAX) seen[name].add(value)
        }
        if (seen[name].size === before) continue
        const options = Array.from(seen[name]).sort()
        if (name === 'event') {
          const { value } = control.event
          const [all] = control.event.children
          control.event.replaceChildren(
            ...(all ? [all] : []),
            ...options.map(option => h('option', {}, option)),
          )
          control.event.value = value
        } else byId(`log-${name}s`).replaceChildren(...options.map(option => h('option', { value: option })))
      }
    },
    /** Only the lines of one request. */
    request(requestId: string) {
      form.reset()
      control.request_id.value = requestId
      take()
    },
  }
}
