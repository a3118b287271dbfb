import type { ObjectTaken } from '../commands.ts'

/** Told of what the transformer does: logs and metrics are made of it. Nothing here may throw. */
export interface TransformObserver {
  /** What became of an object. @param seconds from its reading until it was durable */
  objectTaken(key: string, taken: ObjectTaken, seconds: number): void
  /** Once for a series of failures. */
  failed(problem: string, detail: string): void
  recovered(): void
}
