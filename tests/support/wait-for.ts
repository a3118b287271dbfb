/** Waits until something holds. Rejects when it does not in time. */
export async function waitFor(holds: () => boolean | Promise<boolean>, timeoutMs = 5000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${holds}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
