import type { BorrowReply } from '../../licensing/api.ts'
import { borrow } from '../api.ts'
import { Problem } from '../problem.ts'
import { jittered, randomKey } from '../random.ts'

const RETRY_MS = 600
const openWishes = new Map<string, string>()

const isDecided = (error: unknown) => error instanceof Problem && error.status >= 400 && error.status < 500

/**
 * Borrows one seat. A wish keeps its idempotency key until the server has decided it: after a lost
 * answer the next tap asks for the same seat again, not for a second one. One retry is silent.
 * @throws Problem
 */
export async function borrowOnce(tool: string, user: string): Promise<BorrowReply> {
  const wish = `${tool}\n${user}`
  const key = openWishes.get(wish) ?? randomKey()
  openWishes.set(wish, key)
  const attempt = async () => {
    try {
      const { data } = await borrow(tool, user, key)
      openWishes.delete(wish)
      return data
    } catch (error) {
      if (isDecided(error)) openWishes.delete(wish)
      throw error
    }
  }
  try {
    return await attempt()
  } catch (error) {
    if (isDecided(error)) throw error
    await new Promise(resolve => setTimeout(resolve, jittered(RETRY_MS)))
    return await attempt()
  }
}
