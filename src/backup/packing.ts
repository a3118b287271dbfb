/** Streams a file to another, compressed or not, and sums it up on the way. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { Transform, type TransformCallback } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { syncPath } from './durable.ts'

/** Fast: a backup must leave the processor to the server. */
const LEVEL = 1
const CHUNK_BYTES = 256 * 1024

export interface Packed {
  bytes: number
  sha256: string
}

/** Counts and hashes what passes. @param maxBytes more than this ends it */
function meter(maxBytes = Number.POSITIVE_INFINITY) {
  const hash = createHash('sha256')
  let bytes = 0
  const stream = new Transform({
    transform(part: Buffer, _encoding, done: TransformCallback) {
      bytes += part.length
      hash.update(part)
      done(bytes > maxBytes ? new Error(`it has more than ${maxBytes} bytes`) : null, part)
    },
  })
  return { stream, result: (): Packed => ({ bytes, sha256: hash.digest('hex') }) }
}

/** Copies a file durably. @returns what lies at `to` @throws what the disk throws, or the signal's reason */
export async function pack(
  from: string,
  to: string,
  { compress, signal, mode = 0o600 }: { compress: boolean; signal: AbortSignal; mode?: number },
): Promise<Packed> {
  const { stream, result } = meter()
  const source = createReadStream(from, { highWaterMark: CHUNK_BYTES })
  const target = createWriteStream(to, { flags: 'wx', mode })
  if (compress) await pipeline(source, createGzip({ level: LEVEL }), stream, target, { signal })
  else await pipeline(source, stream, target, { signal })
  syncPath(to)
  return result()
}

/**
 * Copies a file back, durably.
 * @param maxBytes more than this does not come out of it
 * @returns what was read, and how much came out
 */
export async function unpack(
  from: string,
  to: string,
  { compressed, maxBytes, signal }: { compressed: boolean; maxBytes: number; signal: AbortSignal },
): Promise<Packed & { unpackedBytes: number }> {
  const read = meter()
  const written = meter(maxBytes)
  const source = createReadStream(from, { highWaterMark: CHUNK_BYTES })
  const target = createWriteStream(to, { flags: 'wx', mode: 0o600 })
  if (compressed) await pipeline(source, read.stream, createGunzip(), written.stream, target, { signal })
  else await pipeline(source, read.stream, written.stream, target, { signal })
  syncPath(to)
  return { ...read.result(), unpackedBytes: written.result().bytes }
}

/** What a file is. */
export async function sumOf(path: string, signal: AbortSignal): Promise<Packed> {
  const { stream, result } = meter()
  stream.resume()
  await pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), stream, { signal })
  return result()
}
