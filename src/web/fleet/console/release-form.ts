import { onPress } from '../../busy.ts'
import { h } from '../../dom.ts'
import { outcome } from '../../outcome.ts'
import { Problem } from '../../problem.ts'
import { createRelease } from '../campaigns/requests.ts'
import { box, choiceField, complainTo, numberField, textField } from './field.ts'

const failures = {
  download_failure_percent: 'Downloads that fail',
  install_failure_percent: 'Installations that fail',
  self_test_failure_percent: 'Self-tests that fail',
  rollback_failure_percent: 'Rollbacks that fail',
  silence_percent: 'Vehicles that fall silent',
}

/** Makes a release, signs it at the server, and says how simulated vehicles shall fail with it. */
export function releaseForm(done: (version: string) => void): HTMLElement {
  const version = textField('version', 'Version', {
    hint: 'Three numbers, such as 2.0.0. Its counter is one above all before.',
    required: true,
    maxlength: 14,
    placeholder: '2.0.0',
  })
  const requires = textField('requires_firmware', 'Oldest firmware', {
    hint: 'From which it can be installed. Empty: any.',
    maxlength: 14,
  })
  const counter = numberField('release_counter', 'Release counter', {
    hint: 'Empty: one above all before.',
    min: 1,
    step: 1,
  })
  const percents = Object.entries(failures).map(([name, label]) => ({
    name,
    field: numberField(`simulation.${name}`, `${label}, %`, { value: '0', min: 0, max: 100 }),
  }))
  const hardware = choiceField('simulation.hardware', 'Which hardware fails', [
    ['', 'Every hardware'],
    ['A', 'Only hardware A'],
    ['B', 'Only hardware B'],
  ])
  const tamper = box('Sign it wrongly: every vehicle refuses it')
  const lower = box('Allow a counter that is not above the vehicles’: they refuse it as a downgrade')
  const said = outcome()
  const submit = h('button', { class: 'primary', type: 'submit' }, 'Create release')
  const fields = [version, requires, counter, ...percents.map(({ field }) => field), hardware]

  async function create() {
    const simulation = Object.fromEntries(
      percents.map(({ name, field }) => [name, Number(field.text())]).filter(([, percent]) => percent !== 0),
    )
    const only = hardware.text()
    try {
      const { data } = await createRelease({
        version: version.text(),
        ...(requires.text() !== '' && { requires_firmware: requires.text() }),
        ...(Object.keys(simulation).length > 0 && {
          simulation: { ...simulation, ...((only === 'A' || only === 'B') && { hardware: only }) },
        }),
        ...(tamper.ticked() && { tamper: 'signature' as const }),
        ...(counter.text() !== '' && { release_counter: Number(counter.text()) }),
        ...(lower.ticked() && { allow_lower_counter: true }),
      })
      complainTo(fields, [])
      said.say('good', {
        what: `Release ${data.version} is made.`,
        advice: `Counter ${data.release_counter}, ${data.tampered ? 'signed wrongly on purpose' : 'signed'}. Now a campaign can bring it to vehicles.`,
      })
      done(data.version)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const rest = complainTo(fields, error.fields)
      said.say('bad', { what: 'Not created.', advice: [error.message, ...rest].join(' ') })
    }
  }
  const form = h(
    'form',
    { novalidate: true, 'aria-labelledby': 'release-title' },
    h('h3', { id: 'release-title' }, '1. Create a release'),
    h('div', { class: 'fields' }, version.element, requires.element),
    h(
      'details',
      {},
      h('summary', {}, 'Simulated failures and demonstrations'),
      h(
        'p',
        { class: 'simulated' },
        h('strong', {}, 'Simulation.'),
        ' Simulated vehicles fail on purpose, by chance, in this share of their attempts. It says nothing about real software.',
      ),
      h(
        'div',
        { class: 'fields' },
        ...percents.map(({ field }) => field.element),
        hardware.element,
        counter.element,
      ),
      h('div', { class: 'box-list' }, tamper.element, lower.element),
    ),
    h('div', { class: 'form-actions' }, submit),
    said.element,
  )
  form.addEventListener('submit', event => event.preventDefault())
  onPress(submit, create)
  return form
}
