/** Reads what this browser remembers; null when storage is blocked, empty or unreadable. */
export function recall<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(`twinloop.${key}`)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

/** Remembers a value in this browser; where storage is blocked the page goes on without. */
export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`twinloop.${key}`, JSON.stringify(value))
  } catch {
    // Private windows and full disks: nothing here depends on being remembered.
  }
}
