/** Names of objects that were taken, the newest so many: most of what is listed again and again is among them. */
const MAX = 50_000

export function createTakenLately(max = MAX) {
  const keys = new Set<string>()
  return {
    has: (key: string) => keys.has(key),
    add(key: string) {
      keys.add(key)
      const [oldest] = keys
      if (keys.size > max && oldest !== undefined) keys.delete(oldest)
    },
    clear: () => keys.clear(),
  }
}
