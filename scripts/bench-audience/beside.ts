/** One part of the bench: something is done beside so many borrows a second, and what it cost the server. */
import { setTimeout as wait } from 'node:timers/promises'
import { type BorrowFigures, startBorrows } from './borrows.ts'
import { type Cost, costOf } from './server-cost.ts'

export interface Part<T> {
  borrows: BorrowFigures
  from: Cost
  to: Cost
  did: T
}

/** Borrows for as long as something takes. */
export async function beside<T>(url: string, perSecond: number, act: () => Promise<T>): Promise<Part<T>> {
  const from = await costOf(url)
  const borrowing = startBorrows(url, perSecond)
  const did = await act()
  const borrows = await borrowing.stop()
  return { borrows, from, to: await costOf(url), did }
}

/** Waits until the server has seen that all streams are gone. */
export async function allGone(url: string): Promise<void> {
  for (let tries = 0; tries < 100 && (await costOf(url)).streams > 0; tries++) await wait(100)
}

/** CPU seconds. */
export const spent = ({ from, to }: Part<unknown>): number => to.cpuSeconds - from.cpuSeconds
/** Milliseconds. */
export const lasted = ({ from, to }: Part<unknown>): number => to.at - from.at
