/** What the license server can be asked, as the OpenAPI document says it. */
import { z } from 'zod'
import { operation } from '../http/operation.ts'
import * as api from './api.ts'

const tag = 'licenses'
const settingsTag = 'settings'
const toolParam = z.object({ tool: z.string().max(128) })

export const borrowOperation = operation({
  method: 'post',
  path: '/licenses/borrow',
  tag,
  summary: 'Borrow one seat of a tool',
  description:
    'Grants a seat while fewer than min(total, commit + max_overage) are held. Above the commit each borrow writes one charge at the price of that moment. The answer is durable before it is sent.',
  headers: {
    'Idempotency-Key':
      'Names this intent: a repeated request with the same key gets the same answer, no second seat',
  },
  body: api.borrowRequest,
  reply: { description: 'The seat is yours; keep the id to return it', schema: api.borrowReply },
  refusals: [
    'exhausted',
    'max_overage',
    'spend_cap',
    'unknown_tool',
    'idempotency_key_reused',
    'storage_full',
  ],
})

export const returnOperation = operation({
  method: 'post',
  path: '/licenses/return',
  tag,
  summary: 'Give a seat back',
  body: api.borrowIdRequest,
  reply: {
    description: 'The seat is free; `already_returned` when the borrow had ended',
    schema: api.returnReply,
  },
  refusals: ['unknown_borrow', 'storage_full'],
})

export const renewOperation = operation({
  method: 'post',
  path: '/licenses/renew',
  tag,
  summary: 'Start the lease of a borrow anew',
  body: api.borrowIdRequest,
  reply: { description: 'The new end of the lease', schema: api.renewReply },
  refusals: ['unknown_borrow', 'borrow_ended', 'storage_full'],
})

export const revokeOperation = operation({
  method: 'post',
  path: '/licenses/revoke',
  tag,
  summary: 'Take a seat back from its holder',
  only: 'presenter',
  body: api.borrowIdRequest,
  reply: { description: 'The seat is free', schema: api.returnReply },
  refusals: ['unknown_borrow', 'storage_full'],
})

export const statusOperation = operation({
  method: 'get',
  path: '/licenses/{tool}/status',
  tag,
  summary: 'One pool: seats and costs',
  params: toolParam,
  reply: { description: 'The pool as it stands', schema: api.poolStatus },
  refusals: ['unknown_tool'],
})

export const statusesOperation = operation({
  method: 'get',
  path: '/licenses/status',
  tag,
  summary: 'All pools by tool',
  reply: { description: 'The pools as they stand', schema: z.array(api.poolStatus) },
})

export const historyOperation = operation({
  method: 'get',
  path: '/licenses/{tool}/history',
  tag,
  summary: 'What a pool went through: utilisation, peak, borrows, denials and cost for any span of the past',
  params: toolParam,
  query: api.historyQuery,
  reply: { description: 'Equal steps from `from` to `to`, at most 1000', schema: api.historyReply },
  refusals: ['unknown_tool'],
})

export const borrowsOperation = operation({
  method: 'get',
  path: '/borrows',
  tag,
  summary: 'Open borrows, newest first',
  description: 'The header `X-Total-Count` says how many there are in all.',
  query: api.borrowsQuery,
  reply: { description: 'Who holds what', schema: z.array(api.openBorrow) },
})

export const chargesOperation = operation({
  method: 'get',
  path: '/overage-charges',
  tag,
  summary: 'Overage charges, newest first',
  query: api.chargesQuery,
  reply: { description: 'A page of charges', schema: api.chargesReply },
})

export const denialsOperation = operation({
  method: 'get',
  path: '/denials',
  tag,
  summary: 'Refused borrows, newest first',
  query: api.denialsQuery,
  reply: { description: 'A page of denials', schema: api.denialsReply },
})

export const budgetOperation = operation({
  method: 'get',
  path: '/config/budget',
  tag: settingsTag,
  summary: 'The settings of all pools',
  description:
    'The `ETag` of the answer, or the `etag` of one tool, can be sent as `If-Match` with a change.',
  reply: { description: 'Seats, prices, leases and caps', schema: api.budgetReply },
})

export const configureOperation = operation({
  method: 'put',
  path: '/config/budget',
  tag: settingsTag,
  summary: 'Change the settings of one pool',
  description:
    'Evicts nobody and changes no charge that was written: only borrows from now on see the new numbers.',
  only: 'presenter',
  headers: { 'If-Match': 'Change only what you have seen: 412 when somebody else changed it meanwhile' },
  body: api.budgetRequest,
  reply: { description: 'Saved', schema: api.budgetChangedReply },
  refusals: ['below_borrowed', 'unknown_tool', 'stale_settings', 'storage_full'],
})
