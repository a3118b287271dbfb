/** The lines of an object, as far as they can be read. Pure. */
import { gunzipSync } from 'node:zlib'

/** What an object may become: ours stay far below. */
const TEXT_MAX_BYTES = 64 * 1024 * 1024

export type Line = { text: string } & ({ read: Record<string, unknown> } | { problem: string })

/** @param body its bytes in base64 @returns null: they are damaged */
export function readObject(body: string): Iterable<Line> | null {
  try {
    const text = gunzipSync(Buffer.from(body, 'base64'), { maxOutputLength: TEXT_MAX_BYTES }).toString()
    return linesOf(text)
  } catch {
    return null
  }
}

/** One after the other: all at once would only fill the memory. */
function* linesOf(text: string): Generator<Line> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const line = text.slice(from, end < 0 ? text.length : end)
    from += line.length + 1
    if (line !== '') yield readLine(line)
  }
}

function readLine(text: string): Line {
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read !== 'object' || read === null) return { text, problem: 'no object' }
    return { text, read: read as Record<string, unknown> }
  } catch (error) {
    return { text, problem: (error as Error).message }
  }
}

/** When a line came, Unix ms; `otherwise` where it does not say. */
export const receivedAtOf = ({ received_at: at }: Record<string, unknown>, otherwise: number): number =>
  Number.isSafeInteger(at) ? (at as number) : otherwise
