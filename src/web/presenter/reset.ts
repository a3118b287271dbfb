import { onPress } from '../busy.ts'
import { byId } from '../dom.ts'
import { plural } from '../format.ts'
import { outcome } from '../outcome.ts'
import { attempt } from './attempt.ts'
import * as server from './requests.ts'

/** Puts the demo back to its beginning, after asking. */
export function showReset(): void {
  const dialog = byId<HTMLDialogElement>('reset-dialog')
  const button = byId<HTMLButtonElement>('reset')
  const said = outcome()
  byId('reset-outcome').append(said.element)
  onPress(button, async () => {
    said.clear()
    dialog.returnValue = ''
    dialog.showModal()
    await new Promise(resolve => dialog.addEventListener('close', resolve, { once: true }))
    if (dialog.returnValue !== 'reset') return
    await attempt(said, 'Not reset.', async () => {
      const { data } = await server.resetStage()
      const ended = plural(data.borrows_ended, 'borrow')
      said.say('good', { what: 'The demo is reset.', advice: `It ended ${ended}; what was recorded stays.` })
    })
  })
}
