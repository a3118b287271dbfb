/** What changes by the hour is kept for a minute: all questions are read one after the other. */
import { MINUTE_MS } from '../../shared/clock.ts'

/** Whether what was made then is still good. Unix ms. */
export const isKept = (madeAt: number, now: number): boolean => now >= madeAt && now - madeAt < MINUTE_MS
