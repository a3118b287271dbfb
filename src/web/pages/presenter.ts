import { session } from '../api.ts'
import { byId } from '../dom.ts'
import { startPage } from '../page.ts'
import { startConsole } from '../presenter/console.ts'
import { presenterGate } from '../presenter-gate.ts'
import { report } from '../report-errors.ts'

void startPage(async () => {
  let started = false
  async function allow(presenter: boolean) {
    byId('gate').hidden = presenter
    byId('console').hidden = !presenter
    if (!presenter || started) return
    started = true
    await startConsole()
  }
  presenterGate(() => {
    void allow(true).catch(report)
    byId('remote').focus()
  })
  const { data } = await session()
  await allow(data.presenter)
})
