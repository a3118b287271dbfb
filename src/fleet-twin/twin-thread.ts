/** The thread's side of the twin: runs it, passes on what it tells, and ends when it is told to. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { TwinOptions, TwinProgress } from './api.ts'
import { runTwin } from './run-twin.ts'

export interface TwinThreadData {
  options: TwinOptions
  folder: string
}
export type TwinThreadSays = { progress: TwinProgress } | { failure: string }

if (!isMainThread && parentPort) {
  const port = parentPort
  const { options, folder } = workerData as TwinThreadData
  const say = (said: TwinThreadSays) => port.postMessage(said)
  const twin = runTwin(options, { pace: 'kept', folder })
  twin.onProgress(progress => say({ progress }))
  twin.onFailure(({ message }) => say({ failure: message }))
  port.once('message', () => void twin.stop().finally(() => port.close()))
}
