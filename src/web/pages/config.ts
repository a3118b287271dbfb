import { budgets, session } from '../api.ts'
import { budgetForm } from '../config/budget-form.ts'
import { holders } from '../config/holders.ts'
import { byId } from '../dom.ts'
import { openLive } from '../live.ts'
import { startPage } from '../page.ts'
import { presenterGate } from '../presenter-gate.ts'
import { report } from '../report-errors.ts'

void startPage(async () => {
  const [{ data }, { data: visitor }] = await Promise.all([budgets(), session()])
  const forms = data.tools.map(budgetForm)
  byId('budgets').append(...forms.map(({ element }) => element))
  const showHolders = holders()

  function allow(presenter: boolean) {
    byId('gate').hidden = presenter
    byId('holders').hidden = !presenter
    for (const form of forms) form.allow(presenter)
    // Redrawn as borrows come and go; what is being typed in the forms is left alone.
    if (presenter) openLive({ state: () => {}, pools: () => void showHolders().catch(report) })
  }

  presenterGate(() => {
    allow(true)
    byId('title').scrollIntoView()
  })
  allow(visitor.presenter)
})
