/** What must hold of a ledger's file at any moment, whatever happened to the process that wrote it. */
import { Database } from '../../src/db/driver.ts'

/** Each query selects what breaks the rule it is named by. */
const rules: Record<string, string> = {
  'borrowed is the count of open borrows': `
    SELECT tool, borrowed, (SELECT count(*) FROM borrows b WHERE b.tool = p.tool AND ended_at IS NULL) AS open
    FROM pools p WHERE borrowed <> open`,
  'never more is borrowed than exists': `SELECT tool, borrowed, total FROM pools WHERE borrowed NOT BETWEEN 0 AND total`,
  'no minute of an unchanged pool peaked above its cap': `
    SELECT tool, minute, peak FROM usage_minutes JOIN pools USING (tool)
    WHERE revision = 1 AND peak > min(total, commit_seats + max_overage)`,
  'every overage borrow has exactly one charge, no other has any': `
    SELECT b.id, is_overage, count(c.id) AS charges FROM borrows b LEFT JOIN charges c ON c.borrow_row = b.row
    GROUP BY b.id HAVING charges <> is_overage`,
  'a charge belongs to its borrow: tool, user and instant': `
    SELECT c.id, b.id AS borrow FROM charges c LEFT JOIN borrows b ON b.row = c.borrow_row
    WHERE b.id IS NULL OR (c.tool, c.user, c.charged_at) <> (b.tool, b.user, b.borrowed_at)`,
  'no charge is negative and no id is used twice': `
    SELECT id, amount_cents, count(*) AS times FROM charges GROUP BY id HAVING times > 1 OR amount_cents < 0`,
  'the overage cost is the sum of the charges': `
    SELECT tool, overage_cost_cents, (SELECT coalesce(sum(amount_cents), 0) FROM charges c WHERE c.tool = p.tool) AS charged
    FROM pools p WHERE overage_cost_cents <> charged`,
  'the spend of the month is the sum of its charges': `
    SELECT tool, spend_month, spend_cents, (SELECT coalesce(sum(amount_cents), 0) FROM charges c WHERE c.tool = p.tool
      AND strftime('%Y-%m', charged_at / 1000, 'unixepoch') = spend_month) AS charged
    FROM pools p WHERE spend_cents <> charged`,
  'no charge is of a later month than the spend': `
    SELECT c.id, spend_month FROM charges c JOIN pools USING (tool)
    WHERE strftime('%Y-%m', charged_at / 1000, 'unixepoch') > spend_month`,
  'a borrow that ended has a reason and did not end before it began': `
    SELECT id, borrowed_at, ended_at, end_reason FROM borrows WHERE (ended_at IS NULL) <> (end_reason IS NULL)
      OR ended_at < borrowed_at OR end_reason NOT IN ('returned', 'expired', 'revoked')`,
  'no lease outlives the last transaction': `
    SELECT id, expires_at, last_at FROM borrows, ledger_state WHERE ended_at IS NULL AND expires_at <= last_at`,
  'an expired borrow had a lease that was over': `
    SELECT id, expires_at, ended_at FROM borrows WHERE end_reason = 'expired' AND (expires_at IS NULL OR expires_at > ended_at)`,
  'nothing is later than the last transaction': `
    SELECT id FROM borrows, ledger_state WHERE borrowed_at > last_at OR ended_at > last_at`,
  'a denial has a reason, and unknown_tool only where there is no pool': `
    SELECT row, d.tool, reason FROM denials d LEFT JOIN pools p USING (tool)
    WHERE reason NOT IN ('exhausted', 'max_overage', 'spend_cap', 'unknown_tool') OR (reason = 'unknown_tool') <> (p.tool IS NULL)`,
  'the minutes count what the rows say': `
    SELECT tool, u.*, r.* FROM pools p
    JOIN (SELECT tool, sum(borrows) borrows, sum(overage_borrows) overage, sum(returns) returns, sum(expiries) expiries,
        sum(revocations) revocations, sum(denied_exhausted + denied_max_overage + denied_spend_cap) denied,
        sum(overage_cents) cents FROM usage_minutes GROUP BY tool) u USING (tool)
    JOIN (SELECT tool, (SELECT count(*) FROM borrows b WHERE b.tool = q.tool) r_borrows,
        (SELECT count(*) FROM borrows b WHERE b.tool = q.tool AND is_overage) r_overage,
        (SELECT count(*) FROM borrows b WHERE b.tool = q.tool AND end_reason = 'returned') r_returns,
        (SELECT count(*) FROM borrows b WHERE b.tool = q.tool AND end_reason = 'expired') r_expiries,
        (SELECT count(*) FROM borrows b WHERE b.tool = q.tool AND end_reason = 'revoked') r_revocations,
        (SELECT count(*) FROM denials d WHERE d.tool = q.tool) r_denied FROM pools q) r USING (tool)
    WHERE (borrows, overage, returns, expiries, revocations, denied, cents)
      <> (r_borrows, r_overage, r_returns, r_expiries, r_revocations, r_denied, p.overage_cost_cents)`,
  'a borrow is recorded in a minute': `
    SELECT id FROM borrows b WHERE NOT EXISTS
      (SELECT 1 FROM usage_minutes u WHERE u.tool = b.tool AND u.minute = b.borrowed_at / 60000)`,
  'each minute closes where the next one opens, the last one at what is borrowed': `
    SELECT * FROM (SELECT tool, minute, closing, p.borrowed AS held, lead(closing - u.borrows + returns + expiries + revocations)
        OVER (PARTITION BY tool ORDER BY minute) AS opening FROM usage_minutes u JOIN pools p USING (tool))
    WHERE closing <> coalesce(opening, held)`,
  'the seat-milliseconds of the minutes are those of the borrows': `
    SELECT tool, recorded, (SELECT sum(min(coalesce(ended_at, till), till) - min(borrowed_at, till))
        FROM borrows b WHERE b.tool = t.tool) AS held
    FROM (SELECT tool, max(changed_at) AS till, sum(seat_ms + coalesce(closing * (next_at - changed_at), 0)) AS recorded
      FROM (SELECT *, lead(minute * 60000) OVER (PARTITION BY tool ORDER BY minute) AS next_at FROM usage_minutes)
      GROUP BY tool) t
    WHERE recorded <> coalesce(held, 0)`,
  'a granted answer that is kept names a borrow that exists': `
    SELECT key FROM request_keys WHERE json_extract(answer, '$.kind') = 'granted'
      AND json_extract(answer, '$.borrow.id') NOT IN (SELECT id FROM borrows)`,
  'the file is sound': `SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'`,
  'every reference holds': `SELECT * FROM pragma_foreign_key_check`,
}

/** The rules that a ledger's file breaks, in words with the rows that break them. Empty: none. */
export function brokenInvariants(path: string): string[] {
  const database = new Database(path, { readonly: true })
  try {
    const consistent = database.transaction(() =>
      Object.entries(rules).flatMap(([rule, query]) => {
        const rows = database.prepare(query).all()
        return rows.length === 0
          ? []
          : [`${rule}: ${rows.length} rows break it, ${JSON.stringify(rows.slice(0, 3))}`]
      }),
    )
    return consistent()
  } finally {
    database.close()
  }
}

/** @throws Error that names every broken rule and shows rows */
export function assertInvariants(path: string): void {
  const broken = brokenInvariants(path)
  if (broken.length > 0) throw new Error(`The ledger ${path} breaks its rules:\n- ${broken.join('\n- ')}`)
}
