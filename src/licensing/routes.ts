import { type AppContext, headerOf } from '../http/context.ts'
import type { Operations } from '../http/operation.ts'
import { problem } from '../http/problem.ts'
import { reply, replyText } from '../http/reply.ts'
import { type Clock, MINUTE_MS, monthOf } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import type { BudgetChangedReply, RenewReply, ReturnReply } from './api.ts'
import { budgetEtag } from './configure.ts'
import type { LicensingEvents } from './events.ts'
import type { BorrowOutcome, Ledger } from './ledger.ts'
import * as operations from './operations.ts'
import { type Pool, settingsWarnings } from './pool.ts'
import { requestKeyOf } from './request-key.ts'
import * as shape from './shapes.ts'

/** Who is asking, as far as it matters here. */
export interface Visitors {
  /** A one-way name of the browser session; null: none. */
  nameOf(c: AppContext): string | null
  isPresenter(c: AppContext): boolean
}

export interface LicensingRoutes {
  ledger: Ledger
  events: LicensingEvents
  visitors: Visitors
  clock: Clock
}

const BUCKETS_MAX = 1000
const BUCKETS_PRESET = 24

export function serveLicensing(
  { serve }: Operations,
  { ledger, events, visitors, clock }: LicensingRoutes,
): void {
  const since = (c: AppContext) => clock.monotonic() - c.get('facts').startedAt

  serve(operations.borrowOperation, async ({ body: { tool, user } }, c) => {
    const session = visitors.nameOf(c)
    const requestKey = requestKeyOf(headerOf(c, 'idempotency-key'), session, ['borrow', tool, user])
    let outcome: BorrowOutcome
    try {
      outcome = await ledger.submit({ kind: 'borrow', tool, user, session, requestKey })
    } catch (error) {
      await events.borrowFailed({ tool, user }, since(c), c.get('facts'))
      throw error
    }
    if (outcome.kind === 'key_reused')
      return problem(
        c,
        'idempotency_key_reused',
        'This Idempotency-Key was sent with another request before.',
      )
    if (!outcome.replayed) report(outcome, { tool, user }, c)
    const headers = outcome.replayed ? { 'Idempotency-Replayed': 'true' } : undefined
    switch (outcome.kind) {
      case 'granted':
        return reply(c, shape.borrowShape(outcome.borrow, outcome.charge), headers)
      case 'denied':
        return problem(c, outcome.reason, refusalText[outcome.reason](tool), deniedNumbers(outcome), headers)
      case 'unknown_tool':
        return problem(
          c,
          'unknown_tool',
          `There is no tool called ${JSON.stringify(tool)} here.`,
          {},
          headers,
        )
    }
  })

  function report(
    outcome: Exclude<BorrowOutcome, { kind: 'key_reused' }>,
    asked: { tool: string; user: string },
    c: AppContext,
  ) {
    if (outcome.kind === 'granted') events.borrowed(outcome.borrow, outcome.charge, since(c), c.get('facts'))
    else {
      const reason = outcome.kind === 'denied' ? outcome.reason : 'unknown_tool'
      events.denied({ ...asked, reason }, since(c), c.get('facts'))
    }
  }

  serve(operations.returnOperation, async ({ body: { id } }, c) => {
    const outcome = await ledger.submit({ kind: 'return', id })
    if (outcome.kind === 'unknown_borrow') return unknownBorrow(c)
    if (outcome.kind === 'already_returned')
      return reply(c, { status: 'already_returned', tool: outcome.tool } satisfies ReturnReply)
    events.returned(outcome.borrow, c.get('facts'))
    return reply(c, { status: 'ok', tool: outcome.borrow.tool } satisfies ReturnReply)
  })

  serve(operations.renewOperation, async ({ body: { id } }, c) => {
    const outcome = await ledger.submit({ kind: 'renew', id })
    if (outcome.kind === 'unknown_borrow') return unknownBorrow(c)
    if (outcome.kind === 'ended')
      return problem(c, 'borrow_ended', `This borrow has ended (${outcome.reason}); borrow again.`, {
        tool: outcome.tool,
        end_reason: outcome.reason,
      })
    events.renewed(outcome.borrow, c.get('facts'))
    const { tool, expires_at } = shape.publicBorrowShape(outcome.borrow)
    return reply(c, { status: 'ok', tool, expires_at } satisfies RenewReply)
  })

  serve(operations.revokeOperation, async ({ body: { id } }, c) => {
    const outcome = await ledger.submit({ kind: 'revoke', id })
    if (outcome.kind === 'unknown_borrow') return unknownBorrow(c)
    if (outcome.kind === 'ended')
      return reply(c, { status: 'already_returned', tool: outcome.tool } satisfies ReturnReply)
    events.revoked(outcome.borrow, c.get('facts'))
    return reply(c, { status: 'ok', tool: outcome.borrow.tool } satisfies ReturnReply)
  })

  // Requests of the same moment are handed the same pools, so one text serves them all.
  const statusTexts = new WeakMap<Pool[], string>()
  serve(operations.statusesOperation, async (_input, c) => {
    const pools = await ledger.pools()
    let text = statusTexts.get(pools)
    if (text === undefined) {
      const month = monthOf(clock.now())
      text = JSON.stringify(pools.map(pool => shape.statusShape(pool, month)))
      statusTexts.set(pools, text)
    }
    return replyText(c, text)
  })

  serve(operations.statusOperation, async ({ params: { tool } }, c) => {
    const pool = await ledger.pool(tool)
    return pool ? reply(c, shape.statusShape(pool, monthOf(clock.now()))) : unknownTool(c)
  })

  serve(operations.historyOperation, async ({ params: { tool }, query }, c) => {
    if (!(await ledger.pool(tool))) return unknownTool(c)
    const stepMs = query.step * 1000
    // What is kept is kept by the minute, so a span has whole minutes; only the running one is cut.
    const now = clock.now()
    const to = query.to === undefined ? now : Math.ceil(Date.parse(query.to) / MINUTE_MS) * MINUTE_MS
    const wanted = query.from === undefined ? to - BUCKETS_PRESET * stepMs : Date.parse(query.from)
    const from = Math.floor(wanted / MINUTE_MS) * MINUTE_MS
    if (to <= from) throw invalidSpan('`from` must be before `to`')
    if ((to - from) / stepMs > BUCKETS_MAX)
      throw invalidSpan(`at most ${BUCKETS_MAX} steps; take a longer step`)
    const buckets = await ledger.usage(tool, { from, to: Math.min(to, now), stepMs })
    return reply(c, { tool, buckets: buckets.map(shape.bucketShape) })
  })

  serve(operations.borrowsOperation, async ({ query }, c) => {
    const session = visitors.nameOf(c)
    const mayEndAll = visitors.isPresenter(c)
    const { rows, total } = await ledger.openBorrows(query)
    const borrows = rows.map(borrow => {
      const mine = session !== null && borrow.session === session
      return shape.openBorrowShape(borrow, mine, mine || mayEndAll)
    })
    return reply(c, borrows, { 'X-Total-Count': String(total) })
  })

  serve(operations.chargesOperation, async ({ query }, c) => {
    const session = visitors.nameOf(c)
    const mayEndAll = visitors.isPresenter(c)
    const { rows, next } = await ledger.charges(query)
    const charges = rows.map(({ charge, borrow }) => {
      // Who knows the id of an open borrow can end it: another browser's is kept back.
      const isAnothers = borrow.session !== null && borrow.session !== session && !mayEndAll
      return shape.chargeShape(charge, isAnothers && borrow.endedAt === null ? null : borrow.id)
    })
    return reply(c, { charges, next })
  })

  serve(operations.denialsOperation, async ({ query }, c) => {
    const { rows, next } = await ledger.denials(query)
    return reply(c, { denials: rows.map(shape.denialShape), next })
  })

  serve(operations.budgetOperation, async (_input, c) => {
    const etag = budgetEtag(await ledger.settingsRevision())
    return reply(c, { tools: (await ledger.pools()).map(shape.settingsShape) }, { ETag: etag })
  })

  serve(operations.configureOperation, async ({ body }, c) => {
    const ifMatch = headerOf(c, 'if-match') ?? null
    const outcome = await ledger.submit({ kind: 'configure', settings: shape.settingsOf(body), ifMatch })
    switch (outcome.kind) {
      case 'unknown_tool':
        return unknownTool(c)
      case 'below_borrowed':
        return problem(
          c,
          'below_borrowed',
          `${outcome.borrowed} seats are borrowed: the total cannot be ${body.total}.`,
          { tool: body.tool, borrowed: outcome.borrowed },
        )
      case 'stale':
        return problem(
          c,
          'stale_settings',
          'Somebody else changed these settings meanwhile. Look again, then save.',
          {
            tool: body.tool,
            etag: outcome.etag,
          },
        )
      case 'configured': {
        events.budgetUpdated(outcome.before, outcome.pool, c.get('facts'))
        const saved: BudgetChangedReply = {
          status: 'ok',
          tool: body.tool,
          warnings: settingsWarnings(outcome.pool),
        }
        return reply(c, saved, { ETag: outcome.etag })
      }
    }
  })
}

const refusalText = {
  exhausted: (tool: string) => `Every seat of ${tool} is borrowed. Try again when one comes back.`,
  max_overage: (tool: string) => `${tool} is at its overage limit. Try again when a seat comes back.`,
  spend_cap: (tool: string) => `The overage budget of ${tool} for this month is spent.`,
}

const deniedNumbers = ({ tool, pool }: Extract<BorrowOutcome, { kind: 'denied' }>) => ({
  tool,
  borrowed: pool.borrowed,
  commit: pool.commit,
  max_overage: pool.maxOverage,
  total: pool.total,
})

const unknownBorrow = (c: AppContext) => problem(c, 'unknown_borrow', 'Borrow record not found')
const unknownTool = (c: AppContext) => problem(c, 'unknown_tool', 'Tool not found')
const invalidSpan = (message: string) =>
  new Failure('invalid_request', `The query is not valid: ${message}.`, {
    errors: [{ path: 'from', message }],
  })
