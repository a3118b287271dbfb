/** The presenter breaks something in the simulated estate. */
import { session } from '../../api.ts'
import { onPress } from '../../busy.ts'
import { byId, h } from '../../dom.ts'
import { choiceField, complainTo, numberField, textField } from '../../fleet/console/field.ts'
import { timeOfDay } from '../../format.ts'
import { outcome } from '../../outcome.ts'
import { presenterGate } from '../../presenter-gate.ts'
import { Problem } from '../../problem.ts'
import { report } from '../../report-errors.ts'
import { inject } from '../requests.ts'
import { nameWords } from '../words.ts'

export const kinds = [
  'cpu_saturation',
  'memory_leak',
  'disk_filling',
  'error_burst',
  'latency_regression',
  'crash_loop',
  'silence',
] as const

function form(broken: () => void): HTMLElement {
  const kind = choiceField(
    'kind',
    'What',
    kinds.map(name => [name, nameWords(name)]),
  )
  const resource = textField('resource', 'Where', {
    hint: 'A server, a container or a service. Left out: one is chosen.',
    maxlength: 64,
    placeholder: 'server-0001',
  })
  const seconds = numberField('seconds', 'For how many seconds', {
    value: '600',
    min: 60,
    max: 3600,
    step: 1,
    required: true,
  })
  const said = outcome()
  const button = h('button', { type: 'button', class: 'danger' }, 'Inject the fault')
  const fields = [kind, resource, seconds]
  onPress(button, async () => {
    complainTo(fields, [])
    const where = resource.text()
    try {
      const { data } = await inject({
        kind: kind.text(),
        ...(where !== '' && { resource: where }),
        seconds: Number(seconds.text()),
      })
      broken()
      said.say('good', {
        what: `${nameWords(data.kind)} on ${data.resource}.`,
        advice: `It ends by itself at ${timeOfDay(data.ends_at)}. Detectors need some samples before they tell.`,
      })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const others = complainTo(fields, error.fields)
      said.say('bad', { what: 'Nothing was broken.', advice: [error.message, ...others].join(' ') })
    }
  })
  return h(
    'form',
    { submit: (event: Event) => event.preventDefault() },
    h('p', { class: 'simulated' }, h('strong', {}, 'Simulated.'), ' It happens to generated machines only.'),
    h('div', { class: 'fields' }, ...fields.map(({ element }) => element)),
    h('div', { class: 'form-actions' }, button),
    said.element,
  )
}

/** Others see that it is the presenter’s, and how to become one. @param broken is told when something was */
export function showBreak(broken: () => void): void {
  const place = byId('break')
  function allow(presenter: boolean) {
    byId('gate').hidden = presenter
    place.hidden = !presenter
    if (presenter && !place.hasChildNodes()) place.append(form(broken))
  }
  presenterGate(() => {
    allow(true)
    byId('break-title').focus()
  })
  session()
    .then(({ data }) => allow(data.presenter))
    .catch(error => {
      allow(false)
      if (!(error instanceof Problem)) report(error)
    })
}
