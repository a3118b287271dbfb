import type { CampaignRequest, PreviewRequest } from '../../../fleet/campaigns/api.ts'
import { onPress } from '../../busy.ts'
import { h } from '../../dom.ts'
import { outcome } from '../../outcome.ts'
import { Problem } from '../../problem.ts'
import { createCampaign, preview, releases } from '../campaigns/requests.ts'
import { choiceField, complainTo, numberField, textField } from './field.ts'
import { previewOf } from './preview.ts'
import { targetFields } from './target.ts'
import { readWaves, readWindow } from './waves-text.ts'

const percent = { min: 0, max: 100 }

/** Makes a campaign as a draft; before that it can show whom it would reach. */
export function campaignForm() {
  const name = textField('name', 'Name', { required: true, maxlength: 80, placeholder: 'Autumn release' })
  const release = choiceField('release_version', 'Release', [])
  const waves = textField('waves', 'Waves, %', { value: '5, 15, 80', hint: 'Of the vehicles; 100 in all.' })
  const soak = numberField('soak_seconds', 'Soak, seconds', {
    value: '30',
    min: 0,
    hint: 'A wave that passed is watched so long.',
  })
  const success = numberField('success_threshold_percent', 'Success threshold, %', {
    value: '95',
    ...percent,
    hint: 'A wave passes from here on.',
  })
  const error = numberField('error_threshold_percent', 'Error threshold, %', {
    value: '5',
    ...percent,
    hint: 'Above it the campaign pauses by itself.',
  })
  const sample = numberField('minimum_sample', 'Least sample', {
    min: 1,
    step: 1,
    hint: 'Failures are a share of at least so many. Empty: 5, or the whole wave.',
  })
  const battery = numberField('battery_floor_percent', 'Battery floor, %', { value: '50', ...percent })
  const hours = textField('window', 'Hours, UTC', {
    hint: 'Such as 22-4. Empty: always.',
    placeholder: '22-4',
  })
  const consent = choiceField('consent', 'The driver’s consent', [
    ['none', 'is not asked'],
    ['ask', 'is asked'],
  ])
  const target = targetFields()
  const fields = [
    name,
    release,
    waves,
    soak,
    success,
    error,
    sample,
    battery,
    hours,
    consent,
    ...target.fields,
  ]
  const said = outcome()
  const shown = h('div', { 'aria-live': 'polite' })
  const look = h('button', { type: 'button' }, 'Preview')
  const create = h('button', { class: 'primary', type: 'submit' }, 'Create as a draft')

  function meant(): Partial<PreviewRequest> | null {
    complainTo(fields, [])
    const window = readWindow(hours.text())
    if (window === undefined) hours.complain('Two hours from 0 to 23, such as 22-4.')
    if (release.text() === '') release.complain('Create a release first.')
    if (window === undefined || release.text() === '') return null
    const battery_floor_percent = Number(battery.text())
    return { release_version: release.text(), target: target.read(), window, battery_floor_percent }
  }

  function wanted(): Partial<CampaignRequest> | null {
    const base = meant()
    const list = readWaves(waves.text())
    if (list === null) waves.complain('Up to ten numbers that add up to 100, such as 5, 15, 80.')
    if (name.text() === '') name.complain('A campaign needs a name.')
    if (base === null || list === null || name.text() === '') return null
    return {
      ...base,
      name: name.text(),
      waves: list,
      soak_seconds: Number(soak.text()),
      success_threshold_percent: Number(success.text()),
      error_threshold_percent: Number(error.text()),
      minimum_sample: sample.text() === '' ? null : Number(sample.text()),
      consent: consent.text() === 'ask' ? 'ask' : 'none',
    }
  }

  async function run(what: string, action: () => Promise<void>) {
    said.clear()
    try {
      await action()
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      const rest = complainTo(fields, problem.fields)
      said.say('bad', { what, advice: [problem.message, ...rest].join(' ') })
    }
  }
  function marked() {
    said.say('bad', { what: 'Look at the marked fields.', advice: '' })
    form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }

  const form = h(
    'form',
    { novalidate: true, 'aria-labelledby': 'campaign-title' },
    h('h3', { id: 'campaign-title' }, '2. Create a campaign'),
    h(
      'div',
      { class: 'fields' },
      name.element,
      release.element,
      waves.element,
      soak.element,
      success.element,
      error.element,
    ),
    target.element,
    h(
      'details',
      {},
      h('summary', {}, 'More settings'),
      h('div', { class: 'fields' }, sample.element, battery.element, hours.element, consent.element),
    ),
    h('div', { class: 'form-actions' }, create, look),
    said.element,
    shown,
  )
  form.addEventListener('submit', event => event.preventDefault())
  onPress(look, () =>
    run('No preview.', async () => {
      const request = meant()
      if (request === null) return marked()
      const { data } = await preview(request)
      shown.replaceChildren(previewOf(data))
    }),
  )
  onPress(create, () =>
    run('Not created.', async () => {
      const request = wanted()
      if (request === null) return marked()
      await createCampaign(request)
      shown.replaceChildren()
      said.say('good', {
        what: `${request.name} is created as a draft.`,
        advice: 'Approve it in the list of campaigns, then start it.',
      })
    }),
  )
  return {
    element: form,
    /** Reads which releases there are. @param chosen this one is chosen then */
    async refresh(chosen: string | null) {
      const { data } = await releases()
      const before = chosen ?? release.select.value
      release.select.replaceChildren(
        ...data.releases.map(({ version, tampered, simulation }) =>
          h(
            'option',
            { value: version },
            `${version}${tampered ? ', signed wrongly' : ''}${simulation ? ', simulated failures' : ''}`,
          ),
        ),
      )
      if (data.releases.some(({ version }) => version === before)) release.select.value = before
    },
  }
}
