/** Asks a part whether it is well. */

const ANSWER_MS = 2000
const SHOWN = 120

export interface Health {
  well: boolean
  /** The first line of what it said. */
  said: string
}

export interface HealthPage {
  health: string
  healthy: RegExp
}

/** @param address such as `http://127.0.0.1:9090` */
export async function askHealth(address: string, { health, healthy }: HealthPage): Promise<Health> {
  try {
    const answer = await fetch(`${address}${health}`, { signal: AbortSignal.timeout(ANSWER_MS) })
    const text = await answer.text()
    const said = `${answer.status} ${text.trim().split('\n')[0]?.slice(0, SHOWN) ?? ''}`.trim()
    return { well: answer.ok && healthy.test(text), said }
  } catch (error) {
    return { well: false, said: error instanceof DOMException ? 'no answer in time' : 'no answer' }
  }
}
