/** Where raw samples are kept: objects that are written once and never again. */
export interface Lake {
  /** For people, without secrets: a folder, or `s3://bucket/prefix`. */
  readonly where: string
  /**
   * Makes an object durable. A name that exists with the same content is no error: the write was repeated.
   * @throws LakeFailure when it is not durable
   */
  put(key: string, body: Buffer): Promise<void>
  /** @throws LakeFailure; null when there is none of that name */
  get(key: string): Promise<Buffer | null>
  /** Names that begin with `prefix`, in their order. @param after only those behind this name */
  list(prefix: string, after?: string): AsyncIterable<LakeObject>
  remove(keys: readonly string[]): Promise<void>
  close(): Promise<void>
}
export interface LakeObject {
  key: string
  bytes: number
}

/** Why the lake did not take or give: it will be tried again. A closed set: a label of a metric. */
export const lakeProblems = ['full', 'denied', 'away', 'missing', 'slow', 'failed'] as const
export type LakeProblem = (typeof lakeProblems)[number]

export class LakeFailure extends Error {
  readonly problem: LakeProblem
  constructor(problem: LakeProblem, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'LakeFailure'
    this.problem = problem
  }
}
