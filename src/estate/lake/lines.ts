/** Objects are lines of JSON, compressed. */
import { promisify } from 'node:util'
import { createGunzip, gzip } from 'node:zlib'
import type { LakeLine } from './object-key.ts'

const compress = promisify(gzip)
/** The fastest: a flush must not wait for the processor. */
const LEVEL = 1
/** What an object may become: ours stay far below. */
const TEXT_MAX_BYTES = 64 * 1024 * 1024
const LINE_END = 10

/** @throws RangeError when it is nested too deeply */
export const lineOf = (line: LakeLine): string => JSON.stringify(line)

/** @param lines without line ends; the same lines always make the same bytes */
export const encodeLines = (lines: readonly string[]): Promise<Buffer> =>
  compress(`${lines.join('\n')}\n`, { level: LEVEL })

export interface DecodedText {
  /** Whole lines, each with its end. */
  text: string
  /** Why it is not all; null: it is. */
  problem: string | null
}

/** What can be read of an object: of a damaged one the lines before the damage. @param maxBytes of the text */
export async function decodeText(body: Buffer, maxBytes = TEXT_MAX_BYTES): Promise<DecodedText> {
  const parts: Buffer[] = []
  let bytes = 0
  let problem = await new Promise<string | null>(resolve => {
    const gunzip = createGunzip({ chunkSize: 64 * 1024 })
    gunzip.on('data', (part: Buffer) => {
      parts.push(part.subarray(0, maxBytes - bytes))
      bytes += part.length
      if (bytes <= maxBytes) return
      resolve(`it has more than ${maxBytes} bytes`)
      gunzip.destroy()
    })
    gunzip.on('error', error => resolve(error.message))
    gunzip.on('end', () => resolve(null))
    // First all of it, then its end: of what is cut off, the part before the cut comes out.
    gunzip.write(body)
    gunzip.end()
  })
  const all = Buffer.concat(parts)
  const whole = all.subarray(0, all.lastIndexOf(LINE_END) + 1)
  if (whole.length < all.length) problem ??= 'its last line is cut off'
  return { text: whole.toString(), problem }
}
