/** What the server would answer the page of the estate: every path that it asks, with its shape. */
import type { z } from 'zod'
import { analyticsReplies } from './estate-replies-analytics.ts'
import { machineReplies } from './estate-replies-machines.ts'
import { serviceReplies } from './estate-replies-services.ts'

export interface Reply {
  shape: z.ZodType
  /** @param query of the address */
  data: (query: URLSearchParams) => unknown
}

export const replies: Record<string, Reply> = { ...machineReplies, ...serviceReplies, ...analyticsReplies }
