/** Counts as a person types them: `1000,1000000`. */
export const countsIn = (text: string): number[] => text.split(',').map(Number)

/** What a list of counts must be, or null. */
export const counts = (text: string): string | null =>
  countsIn(text).every(count => Number.isInteger(count) && count >= 1)
    ? null
    : 'must be whole numbers, as in 1000,20000'
