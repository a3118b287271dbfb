/** Everybody who does something to the server, at the same time. */
import type { Book } from './book.ts'
import { startBorrowers } from './borrowers.ts'
import { campaigns } from './campaigns.ts'
import { type Sent, startMachine, startVehicles } from './devices.ts'
import { hostiles } from './hostile.ts'
import { presenter } from './presenter.ts'
import { readers } from './readers.ts'
import type { Room } from './room.ts'
import { phones, startStreams } from './streams.ts'

const BORROWERS = 10
const READERS = 5
const VEHICLES = 3
const STREAMS = 25
const SOCKETS = 10
const PHONES = 60

export interface Load {
  capMax: ReadonlyMap<string, number>
  vehicles: readonly Sent[]
  machine: Sent
  /** Streams and WebSockets that are open now. */
  readonly streams: number
  /** Resolves, when the room is closed and all have left it, with what hostile requests should not have been answered. */
  done: Promise<string[]>
}

export async function startLoad(room: Room, book: Book): Promise<Load> {
  const ids = new Map<string, string>()
  const borrowing = await startBorrowers(room, book, BORROWERS)
  const vehicles = startVehicles(room, VEHICLES)
  const machine = startMachine(room)
  const streams = startStreams(room, STREAMS, SOCKETS)
  const all = Promise.all([
    hostiles(room),
    borrowing.done,
    vehicles.done,
    machine.done,
    streams.done,
    readers(room, READERS, ids),
    phones(room, PHONES),
    presenter(room, ids),
    campaigns(room, ids),
  ])
  // Who stumbles ends it for all, and is heard of when they have left.
  all.catch(() => room.close())
  return {
    capMax: borrowing.capMax,
    vehicles: vehicles.sent,
    machine: machine.sent,
    get streams() {
      return streams.open + PHONES
    },
    done: all.then(([findings]) => findings),
  }
}
