import type { Clock } from '../shared/clock.ts'

/** Text that is ready to be sent, with its number. */
export interface Message {
  seq: number
  data: Buffer
}

/** Makes the message once for all who ask, and numbers it anew when it has changed or has grown old. */
export function createMessages(
  produce: () => Promise<{ timestamp: string }>,
  clock: Clock,
  { everyMs, atLeastEveryMs }: { everyMs: number; atLeastEveryMs: number },
) {
  let current: (Message & { content: string; madeAt: number }) | null = null
  let readAt = Number.NEGATIVE_INFINITY
  let pending: Promise<Message> | null = null

  async function make(): Promise<Message> {
    const message = await produce()
    const now = clock.monotonic()
    readAt = now
    const content = JSON.stringify({ ...message, timestamp: null })
    if (current?.content === content && now - current.madeAt < atLeastEveryMs) return current
    const data = Buffer.from(JSON.stringify(message))
    current = { seq: (current?.seq ?? 0) + 1, data, content, madeAt: now }
    return current
  }

  return {
    /** At most half as old as the time between two messages. @throws what `produce` throws */
    newest(): Promise<Message> {
      if (current && clock.monotonic() - readAt < everyMs / 2) return Promise.resolve(current)
      pending ??= make().finally(() => {
        pending = null
      })
      return pending
    },
  }
}
