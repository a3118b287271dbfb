import { onPress } from '../busy.ts'
import { byId, setText } from '../dom.ts'
import { sendOne } from '../overview/journey.ts'
import { traces } from '../overview/traces.ts'
import { startPage } from '../page.ts'
import { Problem } from '../problem.ts'

void startPage(() => {
  const outcome = byId('try-outcome')
  onPress(byId<HTMLButtonElement>('try'), async () => {
    try {
      const journey = await sendOne()
      if (!journey) {
        setText(outcome, 'Every seat is taken just now. Try again when one came back.')
        return
      }
      const { answer, durationMs, returned } = journey
      const kind = answer.data.is_overage ? 'as overage' : 'within the commit'
      setText(
        outcome,
        `A seat of ${answer.data.tool} was granted ${kind} in ${durationMs.toFixed(1)} ms, request id ${answer.requestId}. ${returned ? 'It was given back.' : 'Giving it back failed.'}`,
      )
      byId('try-traces').replaceChildren(...traces(journey))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      setText(outcome, `It did not work: ${error.message}`)
    }
  })
})
