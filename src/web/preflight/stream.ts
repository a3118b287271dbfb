import { bad, type Check, good, took } from './check.ts'

const HELD_MS = 60_000
const TELL_MS = 500
/** Every 15 s: three in a minute, whenever it began. */
const HEARTBEATS_MIN = 3

/** Holds a stream for a minute and counts what comes. Something on the way that holds streams back shows here. */
export const heldStream: Check = {
  title: 'A stream stays open for a minute',
  what: 'GET /stream, as each phone holds one: frames and a heartbeat every 15 s.',
  run: tell =>
    new Promise(resolve => {
      const from = performance.now()
      const source = new EventSource('/stream?topics=pools')
      let frames = 0
      let heartbeats = 0
      let heardAt = from
      let longest = 0
      const counts = () => `${frames} frame${frames === 1 ? '' : 's'}, ${heartbeats} heartbeats`
      const heard = () => {
        const now = performance.now()
        longest = Math.max(longest, now - heardAt)
        heardAt = now
      }
      source.addEventListener('pools', () => {
        heard()
        frames++
      })
      source.addEventListener('heartbeat', () => {
        heard()
        heartbeats++
      })
      function end(finding: ReturnType<typeof good>) {
        clearInterval(timer)
        source.close()
        resolve(finding)
      }
      source.onerror = () =>
        end(
          bad(
            `Broke after ${took(performance.now() - from)} with ${counts()}`,
            'A proxy or the network cuts it: pages then ask every three seconds instead. Use another network.',
          ),
        )
      const timer = setInterval(() => {
        const held = performance.now() - from
        tell(held / HELD_MS, `${took(held)} of a minute: ${counts()}`)
        if (held < HELD_MS) return
        const found = `Held, with ${counts()}, longest silence ${took(longest)}`
        if (frames === 0)
          return end(
            bad('Nothing came in a minute', 'Something on the way holds streams back: use another network.'),
          )
        end(
          heartbeats >= HEARTBEATS_MIN
            ? good(found)
            : bad(
                found,
                'Heartbeats are missing: this machine slept, or a proxy collects what it should pass on.',
              ),
        )
      }, TELL_MS)
    }),
}
