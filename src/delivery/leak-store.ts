/** Every query about seats that the fault `seat_leak` holds. */
import { eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { type LeakedSeat, leakedSeats } from './schema.ts'

export interface LeakStore {
  leaks(): LeakedSeat[]
  /** Written before the seat is taken, so that none is held that nobody knows of. */
  addLeak(leak: Pick<LeakedSeat, 'key' | 'tool'>): void
  leakTaken(key: string, borrow: string): void
  forgetLeak(key: string): void
}

export const leakStore = (db: Db): LeakStore => ({
  leaks: () => db.select().from(leakedSeats).all(),
  addLeak: leak => void db.insert(leakedSeats).values(leak).run(),
  leakTaken: (key, borrow) =>
    void db.update(leakedSeats).set({ borrow }).where(eq(leakedSeats.key, key)).run(),
  forgetLeak: key => void db.delete(leakedSeats).where(eq(leakedSeats.key, key)).run(),
})
