/** One object on its way from the lake into the tables. */
import { Failure } from '../../shared/errors.ts'
import type { ObjectTaken } from '../commands.ts'
import { type Lake, LakeFailure } from '../lake/lake.ts'
import { decodeText, encodeLines } from '../lake/lines.ts'
import type { EstateWriter } from './writer.ts'

/** `again`: it is not its fault; `broken`: something in it, or in us, is. */
export type Fate =
  | { kind: 'taken'; taken: ObjectTaken }
  | { kind: 'gone' }
  | { kind: 'forgetting' }
  | { kind: 'again'; problem: string; detail: string }
  | { kind: 'broken'; detail: string }

/** Never rejects. */
export async function takeFromLake(
  key: string,
  lake: Pick<Lake, 'get'>,
  writer: Pick<EstateWriter, 'submit'>,
): Promise<Fate> {
  try {
    const body = await lake.get(key)
    if (body === null) return { kind: 'gone' }
    const taken = await writer.submit('take_object', { key, body: body.toString('base64') })
    return fateOf(taken.refused === 'damaged' ? await takeReadable(key, body, writer) : taken)
  } catch (error) {
    return failure(error)
  }
}

/** The lines before the damage, and a dead letter that tells of it. */
async function takeReadable(key: string, body: Buffer, writer: Pick<EstateWriter, 'submit'>) {
  const { text, problem } = await decodeText(body)
  const lines = await encodeLines(text.split('\n').filter(line => line !== ''))
  const damage = problem ?? 'it is damaged'
  return writer.submit('take_object', { key, body: lines.toString('base64'), problem: damage })
}

const fateOf = (taken: ObjectTaken): Fate =>
  taken.refused === 'forgetting' ? { kind: 'forgetting' } : { kind: 'taken', taken }

/** What a failure of the lake or of the storage means; anything else is no fault of theirs. */
export function failure(error: unknown): Exclude<Fate, { kind: 'taken' | 'gone' | 'forgetting' }> {
  const detail = (error as Error).message
  if (error instanceof LakeFailure) return { kind: 'again', problem: `The lake: ${error.problem}.`, detail }
  if (error instanceof Failure) return { kind: 'again', problem: detail, detail: error.reason }
  return { kind: 'broken', detail }
}
