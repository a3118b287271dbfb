/** Waiting for a condition, with a bound. */

const STEP_MS = 100

/** @returns whether the condition came true within the time */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > deadline) return false
    await new Promise(resolve => setTimeout(resolve, STEP_MS))
  }
  return true
}
