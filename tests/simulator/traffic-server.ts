/** A license server of a few lines, for traffic that owns the time: it answers when its ticks have passed. */
import type { Send } from '../../src/simulator/traffic.ts'

export interface SmallServer {
  send: Send
  /** Resolves after one more tick: give it to the traffic as its `wait`. */
  wait: () => Promise<void>
  /** Everything that was asked, as `path body`. */
  asked: string[]
  held: Set<string>
  ticks: number
}

export interface SmallServerOptions {
  /** How many ticks an answer takes. */
  delay?: (request: number) => number
  /** The status of an answer; a borrow that is granted is 200; null: no answer at all. */
  status?: (path: string, request: number) => number | null
  /** What the topic `room` says. */
  room?: object
}

export function smallServer({
  delay = () => 0,
  status = () => 200,
  room,
}: SmallServerOptions = {}): SmallServer {
  const waiting: { at: number; go: () => void }[] = []
  const asked: string[] = []
  const held = new Set<string>()
  let requests = 0
  const server: SmallServer = {
    asked,
    held,
    ticks: 0,
    async wait() {
      await new Promise(resolve => setImmediate(resolve))
      server.ticks++
      for (const { at, go } of waiting.splice(0))
        if (at <= server.ticks) go()
        else waiting.push({ at, go })
      await new Promise(resolve => setImmediate(resolve))
    },
    async send(path, init) {
      const request = ++requests
      const body = init?.body ?? ''
      asked.push(`${path} ${body}`.trim())
      if (path.startsWith('/stream'))
        return room ? Response.json({ room }) : new Response('', { status: 422 })
      // Nobody lets time pass before the first answer.
      const ticks = request === 1 ? 0 : delay(request)
      if (ticks > 0) await new Promise<void>(go => waiting.push({ at: server.ticks + ticks, go }))
      const wanted = status(path, request)
      if (wanted === null) throw new Error('no answer')
      if (wanted !== 200) return new Response('{}', { status: wanted })
      if (path === '/licenses/status') return Response.json([{ tool: 'cad_tool' }, { tool: 'analysis' }])
      if (path === '/licenses/return') held.delete(JSON.parse(body).id)
      if (path !== '/licenses/borrow') return Response.json({})
      if (JSON.parse(body).tool === 'no_such_tool') return new Response('{}', { status: 404 })
      const id = `borrow-${request}`
      held.add(id)
      return Response.json({ id })
    },
  }
  return server
}
