/** Words and colours in the place of values. */
import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Colour } from './colours.ts'

/** @param words what is shown for each value */
export const inWords = (words: Record<number, [text: string, colour: Colour]>): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(words).map(([value, [text, color]], index) => [value, { text, color, index }]),
    ),
  },
]
