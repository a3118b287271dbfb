/** When a rule fires and when it ends: never by one sample. */

/** Fires when `k` of the newest `n` samples are out of order, ends after `n` in order. */
export interface KOfN {
  k: number
  n: number
}

export const usualKOfN: KOfN = { k: 3, n: 5 }

export interface Standing {
  isOpen: boolean
  /** Index of the first sample out of order; null: none within the window. */
  since: number | null
}

/**
 * Where a rule stands after these samples.
 * @param out whether each sample is out of order, oldest first
 * @param wasOpen whether it had fired before: then it needs `n` samples in order to end; without any sample it stays
 */
export function standing(out: readonly boolean[], wasOpen: boolean, { k, n }: KOfN = usualKOfN): Standing {
  let bad = 0
  const first = Math.max(0, out.length - n)
  for (let i = first; i < out.length; i++) if (out[i]) bad++
  const isOpen = wasOpen ? bad > 0 || out.length < n : bad >= k
  return { isOpen, since: isOpen ? sinceOf(out, n) : null }
}

/** Goes back until `n` samples in a row are in order. */
function sinceOf(out: readonly boolean[], n: number): number | null {
  let since: number | null = null
  for (let i = out.length - 1, clean = 0; i >= 0 && clean < n; i--) {
    if (out[i]) {
      since = i
      clean = 0
    } else clean++
  }
  return since
}
