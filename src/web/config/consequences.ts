import { money, plural } from '../format.ts'
import type { Budget } from './fields.ts'

const capOf = ({ total, commit, max_overage }: Budget) => Math.min(total, commit + max_overage)

/** What a change of settings will and will not do, in sentences. None: nothing changes. */
export function consequences(before: Budget, after: Budget): string[] {
  const said: string[] = []
  const [was, will] = [capOf(before), capOf(after)]
  if (was !== will) said.push(`At most ${plural(will, 'seat')} can be held, instead of ${was}.`)
  if (will < before.borrowed)
    said.push(
      `${plural(before.borrowed, 'seat is', 'seats are')} held now: nobody is evicted, but nobody new gets one until ${before.borrowed - will + 1} came back.`,
    )
  if (after.commit !== before.commit)
    said.push(
      `From the ${ordinal(after.commit + 1)} seat on, a borrow is overage. Seats that are held keep what they were charged.`,
    )
  if (after.overage_price_per_license !== before.overage_price_per_license)
    said.push(
      `New overage borrows cost ${money(after.overage_price_per_license)}. Charges that were written stay.`,
    )
  if (after.commit_price !== before.commit_price) said.push(`The commit costs ${money(after.commit_price)}.`)
  if (after.lease_ttl_seconds !== before.lease_ttl_seconds)
    said.push(
      after.lease_ttl_seconds === 0
        ? 'New borrows have no end. Leases that run keep theirs until they are renewed.'
        : `New borrows and renewals last ${plural(after.lease_ttl_seconds / 60, 'minute')}. Leases that run keep their end.`,
    )
  if (after.spend_cap !== before.spend_cap)
    said.push(
      after.spend_cap === null
        ? 'Overage has no monthly budget any more.'
        : `Overage is refused when this month's charges would exceed ${money(after.spend_cap)}.`,
    )
  const unreachable = after.total - after.commit - after.max_overage
  if (unreachable > 0)
    said.push(`${plural(unreachable, 'seat')} beyond commit and overage can never be borrowed.`)
  if (after.commit > after.total)
    said.push(
      `${plural(after.commit - after.total, 'prepaid seat')} more than there are seats: paid for, never borrowed.`,
    )
  return said
}

function ordinal(number: number): string {
  const tail = number % 100 >= 11 && number % 100 <= 13 ? 0 : number % 10
  return `${number}${['th', 'st', 'nd', 'rd'][tail] ?? 'th'}`
}
