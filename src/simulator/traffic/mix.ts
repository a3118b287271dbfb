/** What simulated people do, and how often each thing. Pure. */
export const deeds = ['borrow', 'give_back', 'look', 'ask_for_nothing', 'frontend_error'] as const
export type Deed = (typeof deeds)[number]
/** Weights: what counts is their share of the sum. */
export type Mix = Record<Deed, number>

/** A page fails so seldom that 20 deeds a second are no burst of errors (`FrontendErrorBurst`: more than 5 a minute). */
export const usualMix: Mix = { borrow: 47, give_back: 43, look: 6, ask_for_nothing: 2, frontend_error: 0.05 }

/** The usual weights with some of them replaced. */
export function mixWith(wanted: { [D in Deed]?: number | undefined } = {}): Mix {
  const weights = deeds.map(deed => [deed, Math.max(0, wanted[deed] ?? usualMix[deed])])
  return Object.fromEntries(weights) as Mix
}

/** The deed that chance has it. Weights that are all 0 leave people looking. @param chance in [0, 1) */
export function chosen(mix: Mix, chance: number): Deed {
  let left = chance * deeds.reduce((sum, deed) => sum + mix[deed], 0)
  for (const deed of deeds) {
    if (left < mix[deed]) return deed
    left -= mix[deed]
  }
  return 'look'
}

const WEIGHT_MAX = 100

/** Reads weights as a person types them: `borrow=60,give_back=30`. @returns them, or what is wrong */
export function readMix(text: string): Partial<Mix> | { problem: string } {
  const mix: Partial<Mix> = {}
  for (const part of text.split(',').filter(Boolean)) {
    const [name = '', weight = ''] = part.split('=').map(word => word.trim())
    const deed = deeds.find(known => known === name)
    if (deed === undefined) return { problem: `must name ${deeds.join(', ')}` }
    if (weight === '' || !(Number(weight) >= 0 && Number(weight) <= WEIGHT_MAX))
      return { problem: `the weight of ${deed} must be a number from 0 to ${WEIGHT_MAX}` }
    mix[deed] = Number(weight)
  }
  return mix
}
