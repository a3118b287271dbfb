/** A twin of the fleet on the test's own thread, with people in a hurry: days instead of weeks. */
import { onTestFinished } from 'vitest'
import type { TwinOptions, TwinProgress } from '../../src/fleet-twin/api.ts'
import { assumptions } from '../../src/fleet-twin/process-times.ts'
import { type RunOptions, runTwin } from '../../src/fleet-twin/run-twin.ts'

/** Each step takes a different time, so that none can be taken for another. */
export const hurried = assumptions.map((assumption, index) => ({ ...assumption, hours: index + 1 }))

/** @param atEnd told how to stop it, for one that no test owns */
export function aTwin(
  options: Partial<TwinOptions> = {},
  run: Partial<RunOptions> = {},
  atEnd: (stop: () => Promise<void>) => void = onTestFinished,
) {
  const twin = runTwin(
    { vehicles: 16, seed: 5, factor: 14_400, fromMs: 0, ...options },
    { pace: 'fast', processTimes: hurried, ...run },
  )
  atEnd(() => twin.stop())
  const told: TwinProgress[] = []
  const failures: Error[] = []
  const ended = new Promise<TwinProgress>((resolve, reject) => {
    twin.onProgress(progress => {
      told.push(progress)
      if (progress.done) resolve(progress)
    })
    twin.onFailure(error => {
      failures.push(error)
      reject(error)
    })
  })
  ended.catch(() => {})
  return { twin, told, failures, ended }
}
