import type { DeckReply, DeckShape } from '../../stage/api.ts'
import { onPress } from '../busy.ts'
import { byId, setAttribute, setText } from '../dom.ts'
import type { outcome } from '../outcome.ts'
import { report } from '../report-errors.ts'
import { attempt } from './attempt.ts'
import * as server from './requests.ts'

/** Says who has the remote, and lets it be taken over or left, always by a press of its own. */
export function showDriver(said: ReturnType<typeof outcome>) {
  const words = byId('remote-driver')
  const takeOver = byId<HTMLButtonElement>('remote-take')
  const leave = byId<HTMLButtonElement>('remote-leave')
  let me: string | null = null

  function take(reply: DeckReply) {
    me = reply.me
    update(reply.driver)
  }
  /** @returns whether commands of this browser are obeyed */
  function update(driver: DeckShape['driver']): boolean {
    const mine = driver !== null && driver.handle === me
    const state = driver === null ? 'free' : mine ? 'mine' : 'other'
    setAttribute(words, 'data-driver', state)
    setText(
      words,
      driver === null
        ? 'The remote is free: the first press takes it'
        : mine
          ? 'You have the remote'
          : `${driver.handle} has the remote`,
    )
    const hadFocus = document.activeElement === takeOver || document.activeElement === leave
    takeOver.hidden = state !== 'other'
    leave.hidden = state !== 'mine'
    if (hadFocus && document.activeElement === document.body) byId('remote').focus()
    return state !== 'other'
  }

  onPress(takeOver, async () => {
    await attempt(said, 'The remote was not taken.', async () => take((await server.takeRemote()).data))
  })
  onPress(leave, async () => {
    await attempt(said, 'The remote was not left.', async () => take((await server.leaveRemote()).data))
  })
  server.deck().then(({ data }) => take(data), report)
  return { take, update }
}
