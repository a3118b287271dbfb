import type { BudgetReply, BudgetRequest } from '../../licensing/api.ts'

export type Budget = BudgetReply['tools'][number]
export type FieldName = keyof Omit<BudgetRequest, 'tool'>

/** One setting as the form shows it. */
export interface Field {
  name: FieldName
  label: string
  hint: string
  /** What the input holds for a setting. */
  write: (budget: Budget) => string
  /** The setting that a text means, or why it means none. */
  read: (text: string, budget: Budget) => { value: number | null } | { error: string }
}

const SEATS_MAX = 1_000_000
const PRICE_MAX = 10_000_000
const LEASE_MAX_MINUTES = 366 * 24 * 60

function wholeNumber(text: string, min: number, max: number) {
  const value = Number(text)
  if (!/^\d+$/.test(text.trim()) || value < min || value > max)
    return { error: `A whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}.` }
  return { value }
}

function price(text: string) {
  const value = Number(text)
  if (!/^\d+(\.\d{1,2})?$/.test(text.trim()) || value > PRICE_MAX)
    return { error: `A price from 0 to ${PRICE_MAX.toLocaleString('en')}, with at most two decimals.` }
  return { value }
}

/** Every setting that can be changed, in the order of the form. The server checks the same again. */
export const fields: readonly Field[] = [
  {
    name: 'total',
    label: 'Seats in all',
    hint: 'Not below what is borrowed.',
    write: ({ total }) => String(total),
    read(text, { borrowed }) {
      const read = wholeNumber(text, 1, SEATS_MAX)
      if ('value' in read && read.value < borrowed)
        return { error: `${borrowed} seats are borrowed: not below that.` }
      return read
    },
  },
  {
    name: 'commit',
    label: 'Prepaid seats',
    hint: 'Borrowed first, at no extra price.',
    write: ({ commit }) => String(commit),
    read: text => wholeNumber(text, 0, SEATS_MAX),
  },
  {
    name: 'max_overage',
    label: 'Overage seats',
    hint: 'Allowed above the commit; each borrow is charged.',
    write: ({ max_overage }) => String(max_overage),
    read: text => wholeNumber(text, 0, SEATS_MAX),
  },
  {
    name: 'commit_price',
    label: 'Commit price',
    hint: 'For all prepaid seats together.',
    write: ({ commit_price }) => String(commit_price),
    read: price,
  },
  {
    name: 'overage_price_per_license',
    label: 'Overage price',
    hint: 'Charged once when it is granted.',
    write: ({ overage_price_per_license }) => String(overage_price_per_license),
    read: price,
  },
  {
    name: 'lease_ttl_seconds',
    label: 'Lease in minutes',
    hint: '0: until it is returned.',
    write: ({ lease_ttl_seconds }) => String(lease_ttl_seconds / 60),
    read(text) {
      const value = Number(text)
      const ok =
        /^\d+(\.\d+)?$/.test(text.trim()) &&
        value <= LEASE_MAX_MINUTES &&
        Number.isInteger(Math.round(value * 6e4) / 1e3)
      return ok
        ? { value: Math.round(value * 60) }
        : { error: `Minutes, from 0 to ${LEASE_MAX_MINUTES.toLocaleString('en')}.` }
    },
  },
  {
    name: 'spend_cap',
    label: 'Monthly overage cap',
    hint: 'Empty: no cap. Months are UTC.',
    write: ({ spend_cap }) => (spend_cap === null ? '' : String(spend_cap)),
    read: text => (text.trim() === '' ? { value: null } : price(text)),
  },
]
