import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { StartFailure } from '../shared/errors.ts'

type FetchCallback = Parameters<typeof createAdaptorServer>[0]['fetch']

export interface Listener {
  /** The port that was really taken. */
  port: number
  /** Takes no new requests, waits for those under way, then closes what is left. */
  drain(timeoutMs: number): Promise<void>
}

/** @throws StartFailure when the address cannot be listened on */
export async function listen(
  app: { fetch: FetchCallback },
  { host, port }: { host: string; port: number },
): Promise<Listener> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.requestTimeout = 30_000
  server.headersTimeout = 10_000
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(listenFailure(error as NodeJS.ErrnoException, host, port)))
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async drain(timeoutMs) {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), timeoutMs)
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      await closed
      clearTimeout(timer)
      clearInterval(idle)
    },
  }
}

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new StartFailure(`Port ${port} is in use by another program`, `npm start -- --port ${port + 1}`)
  if (error.code === 'EACCES')
    return new StartFailure(`Port ${port} needs more rights than this user has`, 'npm start -- --port 8000')
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new StartFailure(`This machine has no address ${host}`, 'npm start -- --host 0.0.0.0')
  return error
}
