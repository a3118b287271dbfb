import type { outcome } from '../outcome.ts'
import { Problem } from '../problem.ts'

const words: Record<string, string> = {
  unauthorized: 'This browser is the presenter’s no more: reload the page and paste the token.',
  faults_off: 'This server was started with FAULTS=off: releases ship here, but without faults.',
  nothing_to_roll_back: 'No earlier release is known.',
  race_running: 'A race is under way: wait for its end, or cancel it.',
  race_over: 'The race is over already.',
  unknown_incident: 'This incident is gone.',
  no_deck: 'No deck is open on a screen.',
  not_driver: 'Somebody else has the remote: take it over first.',
  stale_command: 'The deck had moved on, so nothing was done. Look where it stands, then press again.',
}

/** What went wrong and what to do, in words. */
export function adviceFor(problem: Problem): string {
  const known = words[problem.reason]
  if (known) return known
  if (problem.reason === 'rate_limited')
    return `Too many requests: try again in ${problem.retryAfterSeconds || 5} s.`
  return problem.status >= 500 && problem.requestId
    ? `${problem.message} Request ${problem.requestId}.`
    : problem.message
}

/**
 * Does what a control asks for. A refusal is said beside it.
 * @param what what did not happen, as a sentence. @returns whether it worked
 */
export async function attempt(
  said: ReturnType<typeof outcome>,
  what: string,
  action: () => Promise<unknown>,
): Promise<boolean> {
  said.clear()
  try {
    await action()
    return true
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    said.say('bad', { what, advice: adviceFor(error) })
    return false
  }
}
