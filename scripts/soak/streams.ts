/** Streams and WebSockets that come and go: most read, some read slowly or not at all, some are only half there. */
import { get } from 'node:http'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import type { Dice } from '../../tests/support/hostile-requests.ts'
import { startPhones } from '../bench-audience/phones.ts'
import type { Room } from './room.ts'

const TOPICS = [
  'pools',
  'activity',
  'alerts',
  'fleet',
  'campaigns',
  'estate',
  'delivery,race,rehearsal',
  'pools,activity,alerts,fleet,campaigns,estate',
] as const

/** What a client does with its connection, and how often of all. */
const manners = ['reads', 'reads', 'reads', 'pauses', 'never reads', 'breaks off', 'half a request'] as const

export interface Streams {
  readonly open: number
  /** Resolves when all are closed, after the load is over. */
  done: Promise<void>
}

export function startStreams(room: Room, events: number, sockets: number): Streams {
  let open = 0
  /** Closes what is open still when the load is over. */
  const closers = new Set<() => void>()

  /** Resolves when its connection is over, at the latest after `ms`. */
  async function oneStream(d: Dice, ms: number): Promise<void> {
    const manner = d.pick(manners)
    room.did(`streams: ${manner}`)
    if (manner === 'half a request') return halfRequest(d, ms)
    const path = `/stream?topics=${d.pick(TOPICS)}&every=${d.pick([250, 1000])}`
    await new Promise<void>(resolve => {
      const asked = get({ host: '127.0.0.1', port: room.server.port, path, agent: false }, response => {
        open++
        const timers = [
          setTimeout(
            () => (manner === 'breaks off' ? response.socket.resetAndDestroy() : asked.destroy()),
            ms,
          ),
        ]
        if (manner === 'never reads') response.pause()
        else response.on('data', () => manner === 'reads' && room.did('parts of streams read'))
        if (manner === 'pauses')
          timers.push(
            setTimeout(() => response.pause(), ms / 4),
            setTimeout(() => response.resume(), ms / 2),
          )
        response.on('error', () => {})
        response.on('close', () => {
          open--
          for (const timer of timers) clearTimeout(timer)
        })
      })
      const close = () => void asked.destroy()
      closers.add(close)
      asked.on('error', () => {})
      asked.on('close', () => {
        closers.delete(close)
        resolve()
      })
    })
  }

  /** The beginning of a request, of which the rest never comes. */
  async function halfRequest(d: Dice, ms: number): Promise<void> {
    const socket = connect(room.server.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET /stream?topics=pools HTTP/1.1\r\nHost: '.slice(0, 1 + d.roll(45)))
    await Promise.race([room.rest(ms), new Promise<void>(resolve => socket.once('close', () => resolve()))])
    socket.destroy()
  }

  async function oneSocket(d: Dice, ms: number): Promise<void> {
    const manner = d.pick(['leaves', 'leaves', 'breaks off', 'talks', 'silent'] as const)
    room.did(`WebSockets: ${manner}`)
    const socket = new WebSocket(`ws://127.0.0.1:${room.server.port}/ws/metrics`, {
      autoPong: manner !== 'silent',
    })
    socket.on('error', () => {})
    socket.on('message', () => room.did('WebSocket messages read'))
    socket.on('open', () => {
      open++
      // More than it may say between two pings: it is let go.
      if (manner === 'talks') for (let word = 0; word < 150; word++) socket.send('?')
      if (manner === 'silent') socket.pause()
      socket.once('close', () => open--)
    })
    const close = () => socket.terminate()
    closers.add(close)
    const closed = new Promise<void>(resolve => {
      socket.once('close', () => {
        closers.delete(close)
        resolve()
      })
    })
    await Promise.race([closed, room.rest(ms)])
    if (manner === 'leaves') socket.close(1000)
    // It stays until the server has had enough of it, or is ended with the load.
    else if (manner === 'silent' && room.isOpen) await Promise.race([closed, room.rest(70_000)])
    else socket.terminate()
    setTimeout(() => socket.terminate(), 1000).unref()
  }

  async function again(name: string, one: (d: Dice, ms: number) => Promise<void>) {
    const d = room.diceOf(name)
    while (room.isOpen) {
      await room.server.ready()
      await Promise.race([one(d, 2000 + d.roll(20_000)), untilClosed])
      await room.rest(100 + d.roll(2000))
    }
  }
  const untilClosed = room.closed

  const all = [
    ...Array.from({ length: events }, (_, index) => again(`stream ${index}`, oneStream)),
    ...Array.from({ length: sockets }, (_, index) => again(`socket ${index}`, oneSocket)),
  ]
  return {
    get open() {
      return open
    },
    done: Promise.all(all).then(() => {
      for (const close of closers) close()
    }),
  }
}

/** The phones of an audience: they stay, are cut off now and then, and come back, after a restart too. */
export async function phones(room: Room, count: number): Promise<void> {
  const d = room.diceOf('phones')
  const crowd = startPhones()
  try {
    await crowd.open(room.server.port, '/stream?topics=pools,room&every=1000', count)
    for (let lives = room.server.life.number; room.isOpen; lives = room.server.life.number) {
      const until = performance.now() + 30_000 + d.roll(30_000)
      while (room.isOpen && performance.now() < until && room.server.life.number === lives)
        await room.rest(500)
      if (!room.isOpen) break
      const { back } = await crowd.cut()
      room.did(back === count ? 'audiences that came back' : 'audiences of which some stayed away')
    }
  } finally {
    await crowd.end()
  }
}
