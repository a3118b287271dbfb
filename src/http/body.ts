import { Failure } from '../shared/errors.ts'
import { type AppContext, headerOf } from './context.ts'

/** The most bytes that a request may carry. */
export const BODY_MAX_BYTES = 64 * 1024

/**
 * The body as JSON, whatever its content type claims to be.
 * @throws Failure `body_too_large` before more than the limit is held, `malformed_json`
 */
export async function readJson(c: AppContext): Promise<unknown> {
  const text = await readText(c)
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure(
      'malformed_json',
      text === '' ? 'The body is empty; JSON is expected.' : 'The body is not JSON.',
    )
  }
}

async function readText(c: AppContext): Promise<string> {
  const length = headerOf(c, 'content-length')
  if (length !== undefined) {
    if (Number(length) > BODY_MAX_BYTES) throw tooLarge()
    return c.req.text().catch(cutShort)
  }
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  const reader = c.req.raw.body?.getReader()
  while (reader) {
    const { done, value } = await reader.read().catch(cutShort)
    if (done) break
    bytes += value.byteLength
    if (bytes > BODY_MAX_BYTES) {
      await reader.cancel()
      throw tooLarge()
    }
    text += decoder.decode(value, { stream: true })
  }
  return text + decoder.decode()
}

/** The client hung up: nobody reads the answer, but it is no fault of ours. */
const cutShort = (): never => {
  throw new Failure('malformed_json', 'The body ended before it was complete.')
}

const tooLarge = () => new Failure('body_too_large', `A request may carry at most ${BODY_MAX_BYTES} bytes.`)
