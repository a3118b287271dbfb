import type { CampaignShape } from '../../../fleet/campaigns/api.ts'
import { byId, h, setText } from '../../dom.ts'
import { Problem } from '../../problem.ts'
import { releases, resume } from './requests.ts'

/** Opens a dialog and waits until it is closed. @returns what it was closed with, '' when dismissed */
function ask(dialog: HTMLDialogElement): Promise<string> {
  dialog.returnValue = ''
  dialog.showModal()
  return new Promise(resolve =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue), { once: true }),
  )
}

/** Asks whether a campaign is really to be aborted. */
export async function confirmAbort({ name }: CampaignShape): Promise<boolean> {
  setText(byId('abort-name'), name)
  return (await ask(byId<HTMLDialogElement>('abort'))) === 'abort'
}

/** Asks how to go on with a paused campaign, and does it. A refusal of the server is shown in the dialog. */
export async function resumeDialog(campaign: CampaignShape): Promise<string | null> {
  const dialog = byId<HTMLDialogElement>('resume')
  const select = byId<HTMLSelectElement>('resume-release')
  const retry = byId<HTMLInputElement>('resume-retry')
  const error = byId('resume-error')
  setText(byId('resume-name'), campaign.name)
  setText(error, '')
  retry.checked = false
  const { data } = await releases()
  const current = data.releases.find(({ version }) => version === campaign.release_version)
  // Only a release with a higher counter can take the place of another.
  const newer = data.releases.filter(
    ({ release_counter }) => release_counter > (current?.release_counter ?? 0),
  )
  select.replaceChildren(
    h('option', { value: '' }, `The same release, ${campaign.release_version}`),
    ...newer.map(({ version, tampered }) =>
      h('option', { value: version }, `${version}${tampered ? ', signed wrongly' : ''}, from the first wave`),
    ),
  )
  return new Promise(resolve => {
    const form = byId<HTMLFormElement>('resume-form')
    const done = new AbortController()
    form.addEventListener(
      'submit',
      async event => {
        event.preventDefault()
        const release = select.value === '' ? null : select.value
        try {
          await resume(campaign.id, release, retry.checked)
          dialog.close('resumed')
        } catch (problem) {
          if (!(problem instanceof Problem)) throw problem
          setText(error, problem.message)
        }
      },
      { signal: done.signal },
    )
    byId('resume-cancel').addEventListener('click', () => dialog.close(), { signal: done.signal })
    void ask(dialog).then(value => {
      done.abort()
      const how =
        select.value === '' ? 'With the same release.' : `With release ${select.value}, from the first wave.`
      resolve(value === 'resumed' ? how : null)
    })
  })
}
