/** The client of a Twinloop server, for Node.js 20 and browsers: `import { createClient } from 'twinloop/client'`. */
export { type Client, type ClientOptions, createClient, type Wish } from './client.ts'
export {
  Denied,
  LeaseLost,
  type LossReason,
  RequestFailed,
  TwinloopError,
  Unreachable,
} from './errors.ts'
export type { RetryPolicy } from './retry.ts'
export type { Seat } from './seat.ts'
export type { Fetch, SleepOptions, Surroundings } from './surroundings.ts'
export type { DenialReason, OpenBorrow, PoolStatus, PoolsFrame, RenewReply, ReturnReply } from './types.ts'
export type { WatchOptions } from './watch.ts'
