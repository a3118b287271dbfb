/** Removes what is kept no longer: rows, a piece at a time, and objects of the lake that were taken long ago. */
import type { Lake } from '../lake/lake.ts'
import type { EstateWriter } from './writer.ts'

/** In one round: others wait for the writer too. */
const PIECES_MAX = 50

/** @throws what the storage or the lake failed with: the next round goes on */
export async function takeCare(lake: Pick<Lake, 'remove'>, writer: Pick<EstateWriter, 'submit'>) {
  for (let piece = 0; piece < PIECES_MAX; piece++) {
    const { isDone, expired } = await writer.submit('prune', {})
    if (expired.length > 0) {
      // First from the lake: what is there and not written down would be taken again.
      await lake.remove(expired)
      await writer.submit('drop_checkpoints', { keys: expired })
    }
    if (isDone && expired.length === 0) return
  }
}
