import { byId, h, setText } from '../../dom.ts'
import { swatch } from '../charts/legend.ts'
import type { Line } from '../series.ts'

/** As many as the charts have colours. */
const MOST = 4
const FIRST = 2

export interface Chosen {
  service: string
  colour: Line['colour']
}

const colours: Line['colour'][] = [1, 2, 3, 4]

/** Boxes to tick: which services the charts draw, each with a colour that it keeps. @param changed is told when they change */
export function serviceChooser(changed: () => void) {
  const note = h('p', { class: 'quiet' })
  const group = h('div', { class: 'chips', role: 'group', 'aria-labelledby': 'services-chosen-title' })
  byId('services-chosen').append(note, group)
  const boxes = new Map<string, { input: HTMLInputElement; mark: HTMLElement }>()
  let chosen: Chosen[] = []

  function show() {
    const isFull = chosen.length >= MOST
    for (const [service, { input, mark }] of boxes) {
      const now = chosen.find(one => one.service === service)
      input.checked = now !== undefined
      input.disabled = isFull && now === undefined
      mark.replaceChildren(...(now ? [swatch({ name: service, colour: now.colour, values: [] })] : []))
    }
    setText(note, isFull ? `Four at most: take one away to choose another.` : 'Up to four.')
  }
  function toggle(service: string) {
    const without = chosen.filter(one => one.service !== service)
    const colour = colours.find(free => without.every(one => one.colour !== free))
    chosen = without.length < chosen.length || !colour ? without : [...without, { service, colour }]
    show()
    changed()
  }
  return {
    chosen: (): readonly Chosen[] => chosen,
    /** Offers services, the most telling first; the first time the first two of them are chosen. */
    offer(services: readonly string[]) {
      const isFirst = boxes.size === 0 && services.length > 0
      for (const service of [...services].sort()) {
        if (boxes.has(service)) continue
        const input = h('input', { type: 'checkbox', change: () => toggle(service) })
        const mark = h('span', { class: 'chip-mark' })
        boxes.set(service, { input, mark })
        group.append(h('label', { class: 'chip' }, input, service, mark))
      }
      if (isFirst)
        chosen = services.slice(0, FIRST).map((service, index) => ({ service, colour: colours[index] ?? 1 }))
      show()
      if (isFirst) changed()
    },
  }
}
