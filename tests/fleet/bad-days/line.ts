/** A line between vehicles and a broker that can be cut. */
import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Line {
  url: string
  /** Everything that is connected loses its connection at once, without a word. */
  cut(): void
}

export async function lineTo(port: number): Promise<Line> {
  const sockets = new Set<Socket>()
  const join = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    from.pipe(to)
  }
  const server = createServer({ noDelay: true }, vehicle => {
    const broker = connect({ port, host: '127.0.0.1', noDelay: true })
    join(vehicle, broker)
    join(broker, vehicle)
  })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  await new Promise<void>(resolve => server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, resolve))
  onTestFinished(() => {
    server.close()
    cut()
  })
  const { port: own } = server.address() as { port: number }
  return { url: `mqtt://127.0.0.1:${own}`, cut }
}
