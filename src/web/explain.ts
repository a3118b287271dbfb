import { duration, plural } from './format.ts'
import type { Problem } from './problem.ts'

/** What happened and what to do now, in plain words. */
export interface Explanation {
  what: string
  advice: string
}

const numberOf = (problem: Problem, name: string) => Number(problem.body[name]) || 0

/** What was tried. */
export type Tried = 'borrow' | 'return' | 'renewal'

/** Why it does no harm to try again. */
const harmless: Record<Tried, string> = {
  borrow: 'it never takes a second seat.',
  return: 'a seat is given back only once.',
  renewal: 'it only moves the end of your license.',
}

const answers: Record<string, (problem: Problem, tool: string, tried: Tried) => Explanation> = {
  exhausted: (problem, tool) => ({
    what: `Every seat of ${tool} is taken.`,
    advice: `All ${plural(numberOf(problem, 'total'), 'seat')} are borrowed. The next one that is returned shows here at once: try again then.`,
  }),
  max_overage: (problem, tool) => ({
    what: `${tool} is at its overage limit.`,
    advice: `${numberOf(problem, 'commit')} prepaid and ${numberOf(problem, 'max_overage')} overage are in use. Wait for a return, or ask the presenter to raise the limit.`,
  }),
  spend_cap: (_, tool) => ({
    what: `This month’s overage budget of ${tool} is spent.`,
    advice: 'Prepaid seats still work: wait for a return, or ask the presenter to raise the budget.',
  }),
  unknown_tool: (_, tool) => ({
    what: `There is no tool called ${tool}.`,
    advice: 'Reload the page to see the tools of today.',
  }),
  unknown_borrow: () => ({
    what: 'This license has already ended.',
    advice: 'Nothing to do: the list is up to date now.',
  }),
  borrow_ended: () => ({
    what: 'This license has already ended.',
    advice: 'Borrow again if you still need it.',
  }),
  rate_limited: problem => ({
    what: 'That was faster than one person needs.',
    advice: `Wait ${duration(problem.retryAfterSeconds || 5)}, then try again.`,
  }),
  invalid_request: () => ({
    what: 'The server did not accept that.',
    advice: 'Use a name of visible characters, at most 128 of them.',
  }),
  offline: (_problem, _tool, tried) => ({
    what: 'The server cannot be reached.',
    advice: `Check your connection, then try again. Trying again is safe: ${harmless[tried]}`,
  }),
  timeout: (_problem, _tool, tried) => ({
    what: 'The server did not answer in time.',
    advice: `Try again. That is safe: ${harmless[tried]}`,
  }),
}

/** Puts a failed borrow, return or renewal into words. */
export function explain(problem: Problem, tool: string, tried: Tried): Explanation {
  const known = answers[problem.reason]
  if (known) return known(problem, tool, tried)
  const id = problem.requestId ? ` Request ${problem.requestId}.` : ''
  return problem.status === 503
    ? {
        what: 'The server cannot take this just now.',
        advice: `${problem.message} Try again in a moment.${id}`,
      }
    : { what: 'That did not work.', advice: `${problem.message}${id}` }
}
