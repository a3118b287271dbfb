/** The recording that comes with the program: a race that was run, kept as a file. */
import { readFileSync } from 'node:fs'
import { type RaceShape, raceShape } from './api.ts'

const file = new URL('../../static/recorded-race.json', import.meta.url)

/** @returns a reader that reads once; null: this build has no recording, or a broken one */
export function recording(): () => RaceShape | null {
  let known: RaceShape | null | undefined
  return () => {
    if (known !== undefined) return known
    try {
      known = { ...raceShape.parse(JSON.parse(readFileSync(file, 'utf8'))), recorded: true }
    } catch {
      known = null
    }
    return known
  }
}
