import type { FaultName, FaultSet } from '../../delivery/api.ts'
import { h } from '../dom.ts'
import { faultTexts } from '../fault-words.ts'
import { type Field, numberField } from '../fleet/console/field.ts'

interface Part {
  name: string
  label: string
  value: string
  min: number
  max: number
  /** A share is typed in percent. */
  percent?: boolean
}
interface Fault {
  name: FaultName
  parts: Part[]
}

const share = (value: string, label: string): Part => ({
  name: 'share',
  label,
  value,
  min: 1,
  max: 100,
  percent: true,
})

const faults: readonly Fault[] = [
  {
    name: 'errors',
    parts: [share('30', 'Of borrows, %')],
  },
  {
    name: 'latency',
    parts: [share('60', 'Of borrows, %'), { name: 'ms', label: 'Wait, ms', value: '800', min: 1, max: 5000 }],
  },
  {
    name: 'seat_leak',
    parts: [
      share('50', 'Of returns, %'),
      { name: 'seats_max', label: 'At most, seats', value: '10', min: 1, max: 50 },
    ],
  },
  {
    name: 'browser_script',
    parts: [share('25', 'Of browsers, %')],
  },
  {
    name: 'noisy_logs',
    parts: [{ name: 'lines', label: 'Lines a borrow', value: '20', min: 1, max: 50 }],
  },
]

/** A box for each fault, with its numbers shown where it is ticked. */
export function faultFields() {
  const rows = faults.map(fault => {
    const input = h('input', { type: 'checkbox' })
    const fields = fault.parts.map(part => ({
      part,
      field: numberField(`faults.${fault.name}.${part.name}`, part.label, {
        value: part.value,
        min: part.min,
        max: part.max,
        step: 1,
      }),
    }))
    const numbers = h('div', { class: 'fields', hidden: true }, ...fields.map(({ field }) => field.element))
    input.addEventListener('change', () => {
      numbers.hidden = !input.checked
    })
    const label = h(
      'label',
      { class: 'box' },
      input,
      h('span', {}, h('strong', {}, faultTexts[fault.name].title), ` ${faultTexts[fault.name].what}`),
    )
    return { name: fault.name, input, fields, element: h('div', { class: 'fault' }, label, numbers) }
  })
  const element = h(
    'fieldset',
    { class: 'boxes' },
    h('legend', {}, 'Faults, simulated'),
    ...rows.map(row => row.element),
  )
  const fields: Field[] = rows.flatMap(row => row.fields.map(({ field }) => field))
  return {
    element,
    fields,
    /** Where faults are impossible, none can be ticked. */
    allow(possible: boolean) {
      if (element.disabled === !possible) return
      element.disabled = !possible
      for (const { input } of rows) if (!possible && input.checked) input.click()
    },
    any: () => rows.some(({ input }) => input.checked),
    read(): FaultSet {
      const ticked = rows.filter(({ input }) => input.checked)
      return Object.fromEntries(
        ticked.map(({ name, fields }) => [
          name,
          Object.fromEntries(
            fields.map(({ part, field }) => [
              part.name,
              part.percent ? Number(field.text()) / 100 : Number(field.text()),
            ]),
          ),
        ]),
      )
    },
  }
}
