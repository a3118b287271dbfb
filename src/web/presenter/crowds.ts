import type { TrafficRequest } from '../../scenarios/api.ts'

/** A kind of audience. What its mix leaves out keeps the weight that the server presets. */
export interface Crowd {
  name: string
  what: string
  rate: number
  retries: number
  mix: TrafficRequest['mix']
}

export const crowds: readonly Crowd[] = [
  { name: 'Calm', what: 'borrows, works, gives back', rate: 5, retries: 0, mix: {} },
  { name: 'Busy', what: 'the same, at a full desk', rate: 40, retries: 0, mix: { look: 12 } },
  {
    name: 'Greedy',
    what: 'takes more than it gives back, and asks again at once',
    rate: 60,
    retries: 3,
    mix: { borrow: 70, give_back: 20, look: 4, ask_for_nothing: 2, frontend_error: 0 },
  },
]
