import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { StartFailure } from '../shared/errors.ts'
import { unreadable } from './problem.ts'
import { withoutUpgrade } from './upgrade.ts'

type FetchCallback = Parameters<typeof getRequestListener>[0]

/** Who takes connections over that are to speak something else than HTTP. */
export interface Upgrades {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Says goodbye on those that are open, at the drain. */
  close(): Promise<void>
}

type PortVariable = 'PORT' | 'METRICS_PORT' | 'ESTATE_STAGE_PORT'

export interface Listener {
  /** The port that was really taken. */
  port: number
  /** Takes no new requests, waits for those under way, then closes what is left. */
  drain(timeoutMs: number): Promise<void>
}

/**
 * @param variable the name of the port's setting, for who has to change it
 * @param upgrades takes WebSockets over; left out: requests for one are answered as any others
 * @throws StartFailure when the address cannot be listened on
 */
export async function listen(
  app: { fetch: FetchCallback },
  { host, port, variable }: { host: string; port: number; variable: PortVariable },
  upgrades?: Upgrades,
): Promise<Listener> {
  const server = createServer(
    getRequestListener(app.fetch, {
      // HTTP/1.0 needs no Host.
      hostname: 'localhost',
      errorHandler: unreadable,
    }),
  )
  server.requestTimeout = 30_000
  server.headersTimeout = 10_000
  server.keepAliveTimeout = 65_000
  if (upgrades)
    server.on('upgrade', (request, socket, head) => {
      // Some clients offer HTTP/2 with their first request: whoever does not take it answers in HTTP/1.1.
      if (request.headers.upgrade?.toLowerCase() === 'websocket') upgrades.upgrade(request, socket, head)
      else server.emit('connection', withoutUpgrade(request, socket, head))
    })
  await new Promise<void>((resolve, reject) => {
    server.once('error', error =>
      reject(listenFailure(error as NodeJS.ErrnoException, { host, port, variable })),
    )
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async drain(timeoutMs) {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      await upgrades?.close()
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), timeoutMs)
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      await closed
      clearTimeout(timer)
      clearInterval(idle)
    },
  }
}

/**
 * Listens on the main port, and on one for metrics where it is set. Both or none.
 * @throws StartFailure as `listen` does
 */
export async function listenAll(
  main: { fetch: FetchCallback },
  metrics: { fetch: FetchCallback },
  { host, port, metricsPort }: { host: string; port: number; metricsPort: number | null },
  upgrades?: Upgrades,
): Promise<{ port: number; metricsPort: number | null; drain: Listener['drain'] }> {
  const first = await listen(main, { host, port, variable: 'PORT' }, upgrades)
  if (metricsPort === null) return { port: first.port, metricsPort, drain: first.drain }
  const second = await listen(metrics, { host, port: metricsPort, variable: 'METRICS_PORT' }).catch(
    async error => {
      await first.drain(0)
      throw error
    },
  )
  return {
    port: first.port,
    metricsPort: second.port,
    drain: async timeoutMs => void (await Promise.all([first.drain(timeoutMs), second.drain(timeoutMs)])),
  }
}

function listenFailure(
  error: NodeJS.ErrnoException,
  { host, port, variable }: { host: string; port: number; variable: string },
): Error {
  const withPort = (free: number) =>
    variable === 'PORT' ? `npm start -- --port ${free}` : `${variable}=${free} npm start`
  if (error.code === 'EADDRINUSE')
    return new StartFailure(`Port ${port} is in use by another program`, withPort(port + 1))
  if (error.code === 'EACCES')
    return new StartFailure(`Port ${port} needs more rights than this user has`, withPort(8000))
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new StartFailure(`This machine has no address ${host}`, 'npm start -- --host 0.0.0.0')
  return error
}
