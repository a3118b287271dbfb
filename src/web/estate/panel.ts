/** A part of a view that is asked for again and again, and says in its own place when that fails. */
import { byId, h, setText } from '../dom.ts'
import { Problem } from '../problem.ts'
import { report } from '../report-errors.ts'

/**
 * @param id of the card; its complaint stands at its end
 * @param load asks; what it answers after a newer question is dropped
 * @returns asks anew; never rejects
 */
export function panel<Wish, Reply>(
  id: string,
  load: (wish: Wish) => Promise<Reply>,
  show: (reply: Reply, wish: Wish) => void,
): (wish: Wish) => Promise<void> {
  const card = byId(id)
  const complaint = h('p', { class: 'panel-error', role: 'status' })
  const waiting = h('p', { class: 'quiet' }, 'Being read…')
  card.append(waiting, complaint)
  let round = 0
  return async wish => {
    round += 1
    const mine = round
    try {
      const reply = await load(wish)
      if (mine !== round) return
      show(reply, wish)
      setText(complaint, '')
      waiting.remove()
    } catch (error) {
      if (!(error instanceof Problem)) report(error)
      if (mine !== round) return
      const reason = error instanceof Problem ? error.message : 'The answer could not be shown.'
      waiting.remove()
      setText(complaint, `Not up to date: ${reason} It is asked for again in a moment.`)
    }
  }
}
