import { version } from './api.ts'
import { byId, h, setText } from './dom.ts'
import { report, reportErrors } from './report-errors.ts'

/** What the page shows when its script cannot go on. */
function showFailure(): void {
  const hint = document.getElementById('starting')
  hint?.replaceChildren(
    h('strong', {}, 'This page could not start.'),
    ' The error was reported. Reloading often helps; the server itself may be fine.',
  )
  hint?.classList.add('failed')
}

/** Starts a page: errors are reported from the first line on, and a failed start is shown, not a blank. */
export async function startPage(main: () => void | Promise<void>): Promise<void> {
  reportErrors()
  try {
    await main()
    document.getElementById('starting')?.remove()
    document.documentElement.dataset.ready = 'yes'
  } catch (error) {
    report(error)
    showFailure()
  }
  try {
    const { data } = await version()
    setText(byId('version'), `Twinloop ${data.version}${data.commit ? ` · ${data.commit.slice(0, 7)}` : ''}`)
  } catch {
    // The footer keeps its text: the version is a courtesy.
  }
}
