import type { DeliveryFrame } from '../../delivery/api.ts'
import { byId, h, setText } from '../dom.ts'
import { box, complainTo, numberField, textField } from '../fleet/console/field.ts'
import { outcome } from '../outcome.ts'
import { Problem } from '../problem.ts'
import { adviceFor } from './attempt.ts'
import { faultFields } from './fault-fields.ts'
import { holdButton } from './hold.ts'
import * as server from './requests.ts'

/** Ships a release, good or bad. The button is held, not pressed. @returns takes the frame of the delivery */
export function showRelease(): (frame: DeliveryFrame) => void {
  const version = textField('version', 'Version', { hint: 'Empty: the next patch.', maxlength: 48 })
  const seconds = numberField('seconds', 'Cap, seconds', {
    value: '90',
    min: 5,
    max: 600,
    step: 1,
    hint: 'With faults: rolled back by itself then.',
  })
  const mends = box('It mends what users met (counts as rework)')
  const faults = faultFields()
  const said = outcome()
  const versionInput = version.element.querySelector('input') as HTMLInputElement
  const fields = [version, seconds, ...faults.fields]
  const hold = holdButton(async () => {
    said.clear()
    try {
      const { data } = await server.ship({
        ...(version.text() !== '' && { version: version.text() }),
        planned: !mends.ticked(),
        faults: faults.read(),
        seconds: Number(seconds.text()),
      })
      complainTo(fields, [])
      versionInput.value = ''
      said.say('good', {
        what: `${data.version} runs.`,
        advice: data.faults.length > 0 ? 'With its faults, until it is rolled back.' : 'Without faults.',
      })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const rest = complainTo(fields, error.fields)
      said.say('bad', { what: 'Not shipped.', advice: [adviceFor(error), ...rest].join(' ') })
    }
    name()
  })

  const name = () => {
    const shown = version.text() || versionInput.placeholder || 'the next patch'
    hold.name(`Ship ${shown}${faults.any() ? ', with faults' : ''}`)
  }
  const form = byId('release-form')
  form.addEventListener('input', name)
  form.append(
    h('div', { class: 'fields' }, version.element, seconds.element),
    faults.element,
    mends.element,
    hold.element,
    said.element,
  )
  name()
  return ({ next, faults: { possible } }) => {
    versionInput.placeholder = next
    faults.allow(possible)
    setText(
      byId('release-possible'),
      possible ? '' : 'This server was started with FAULTS=off: releases ship here without faults.',
    )
    name()
  }
}
