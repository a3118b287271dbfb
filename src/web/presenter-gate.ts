import { signIn } from './api.ts'
import { byId, setText } from './dom.ts'
import { Problem } from './problem.ts'

/** Takes the presenter's token where a page asks for it. @param enter called when it was the right one */
export function presenterGate(enter: () => void): void {
  byId('gate-form').addEventListener('submit', async event => {
    event.preventDefault()
    const token = byId<HTMLInputElement>('token')
    try {
      await signIn(token.value)
      enter()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      setText(byId('gate-error'), error.message)
      token.focus()
    }
  })
}
