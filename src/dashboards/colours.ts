/** One colour a meaning, told apart by colour-blind eyes too (Okabe and Ito's palette). */
export const colour = {
  good: '#009E73',
  bad: '#D55E00',
  commit: '#56B4E9',
  overage: '#E69F00',
  neutral: '#9aa4b0',
  special: '#CC79A7',
} as const

export type Colour = (typeof colour)[keyof typeof colour]

/** The colour from a value on; the first step has no value and holds below all others. */
export interface Step {
  from: number | null
  colour: Colour
}

/** Steps from a first colour and the values where the next ones begin. */
export const steps = (first: Colour, ...next: [from: number, colour: Colour][]): Step[] => [
  { from: null, colour: first },
  ...next.map(([from, then]) => ({ from, colour: then })),
]
