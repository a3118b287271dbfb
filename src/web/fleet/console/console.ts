import type { CampaignsFrame } from '../../../fleet/campaigns/api.ts'
import { session } from '../../api.ts'
import { byId } from '../../dom.ts'
import { presenterGate } from '../../presenter-gate.ts'
import { report } from '../../report-errors.ts'
import { campaignForm } from './campaign-form.ts'
import { releaseForm } from './release-form.ts'

/**
 * The presenter's console: others see that it is the presenter's, and how to become one.
 * @returns takes the campaigns' frame: a release that somebody else made can be chosen too
 */
export async function showConsole(): Promise<(frame: CampaignsFrame) => void> {
  const forms = byId('console-forms')
  let campaign: ReturnType<typeof campaignForm> | null = null

  function allow(presenter: boolean) {
    document.body.dataset.presenter = presenter ? 'yes' : 'no'
    byId('gate').hidden = presenter
    forms.hidden = !presenter
    if (!presenter || campaign) return
    const form = campaignForm()
    const release = releaseForm(version => void form.refresh(version).catch(report))
    forms.append(release, form.element)
    void form.refresh(null).catch(report)
    campaign = form
  }

  presenterGate(() => {
    allow(true)
    byId('console-title').focus()
  })
  const { data } = await session()
  allow(data.presenter)
  let newest = ''
  return ({ latest_release }) => {
    if (latest_release === null || latest_release.version === newest) return
    newest = latest_release.version
    void campaign?.refresh(null).catch(report)
  }
}
