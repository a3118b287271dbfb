/** Keeps a phone's screen on while the page is looked at, where the browser allows it (only over HTTPS). */
export function keepAwake(): void {
  if (!('wakeLock' in navigator)) return
  async function ask() {
    if (document.hidden) return
    try {
      await navigator.wakeLock.request('screen')
    } catch {
      // A low battery forbids it: the screen goes dark as it always does.
    }
  }
  document.addEventListener('visibilitychange', ask)
  void ask()
}
