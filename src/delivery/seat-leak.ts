/** Seats that come back and are held again by nobody, and their return. */
import { newId } from '../shared/id.ts'
import type { DeliveryEvents } from './events.ts'
import type { LeakStore } from './leak-store.ts'

/** Seats of the license server, taken and given back without a word. Handed in. */
export interface QuietSeats {
  /** The same key takes the same seat once, for a day. @returns the borrow; null: no seat was free */
  take(tool: string, user: string, key: string): Promise<string | null>
  giveBack(borrow: string): Promise<void>
}

export interface SeatLeak {
  /** Holds one more seat of a tool, up to so many in all. Never rejects. */
  leak(tool: string, seatsMax: number): Promise<void>
  /** Gives back every seat that is held, also those of a process before. What fails is tried at the next call. Never rejects. */
  heal(): Promise<void>
  /** What is held stays held until the next start. */
  stop(): void
}

interface Parts {
  store: LeakStore
  seats: () => QuietSeats
  events: Pick<DeliveryEvents, 'seatLeaked' | 'storageFailed' | 'faultHit'>
}

/** Who holds them, in the list of borrows. */
const NOBODY = 'leaked-seat'

export function createSeatLeak({ store, seats, events }: Parts): SeatLeak {
  // Those of a process before are found by the first healing.
  let held = 1
  let healing: Promise<void> | undefined
  let isStopped = false

  function failed(what: string, error: unknown) {
    if (!isStopped) events.storageFailed(what, error)
  }

  async function take(tool: string) {
    const key = newId()
    store.addLeak({ key, tool })
    held++
    const borrow = await seats().take(tool, NOBODY, key)
    if (borrow === null) {
      store.forgetLeak(key)
      held--
      return
    }
    store.leakTaken(key, borrow)
    events.faultHit('seat_leak')
    events.seatLeaked({ tool, borrow, held })
  }

  async function giveBackAll() {
    const leaks = store.leaks()
    for (const { key, tool, borrow } of leaks) {
      const id = borrow ?? (await seats().take(tool, NOBODY, key))
      if (id !== null) await seats().giveBack(id)
      store.forgetLeak(key)
    }
    held = store.leaks().length
  }

  return {
    async leak(tool, seatsMax) {
      try {
        await healing
        if (store.leaks().length < seatsMax) await take(tool)
      } catch (error) {
        failed('a seat was not leaked', error)
      }
    },
    heal() {
      if (held === 0) return healing ?? Promise.resolve()
      healing ??= giveBackAll()
        .catch(error => failed('leaked seats were not given back', error))
        .finally(() => {
          healing = undefined
        })
      return healing
    },
    stop() {
      isStopped = true
    },
  }
}
