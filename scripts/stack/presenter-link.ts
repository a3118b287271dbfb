/** The link with the presenter's token, which the app prints when it starts. */
import { readFileSync } from 'node:fs'

/** What comes after the newest start of the app is searched; null: the file has no such link. */
export function presenterLinkIn(logFile: string): string | null {
  try {
    const links = readFileSync(logFile, 'utf8').match(/http:\S+\/presenter\?token=\S+/g)
    return links?.at(-1) ?? null
  } catch {
    return null
  }
}
