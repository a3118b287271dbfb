/** The client writes the wire's types out for itself: the compiler holds them to those of the server. */
import { expect, expectTypeOf, test } from 'vitest'
import type {
  Client,
  DenialReason,
  OpenBorrow,
  PoolStatus,
  PoolsFrame,
  Seat,
} from '../../src/client/index.ts'
import type * as written from '../../src/client/types.ts'
import type * as server from '../../src/licensing/api.ts'
import { denialReasons } from '../../src/licensing/api.ts'

test('every field that the server sends is typed as it is', () => {
  expectTypeOf<PoolStatus>().toEqualTypeOf<server.PoolStatus>()
  expectTypeOf<OpenBorrow>().toEqualTypeOf<server.OpenBorrow>()
  expectTypeOf<PoolsFrame>().toEqualTypeOf<server.PoolsFrame>()
  expectTypeOf<DenialReason>().toEqualTypeOf<server.DenialReason>()
  expectTypeOf<written.BorrowReply>().toEqualTypeOf<server.BorrowReply>()
  expectTypeOf<written.ReturnReply>().toEqualTypeOf<server.ReturnReply>()
  expectTypeOf<written.RenewReply>().toEqualTypeOf<server.RenewReply>()
  const reasons: Record<DenialReason, true> = {
    exhausted: true,
    max_overage: true,
    spend_cap: true,
    unknown_tool: true,
  }
  expect(Object.keys(reasons).sort()).toEqual([...denialReasons].sort())
})

test('what a call returns follows from what it is given', () => {
  expectTypeOf<Client['borrow']>().returns.resolves.toEqualTypeOf<Seat>()
  expectTypeOf<Seat>().toExtend<AsyncDisposable>()
})
