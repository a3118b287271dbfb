/** HTTP as bytes on a socket, for what no client library would send. */
import { connect } from 'node:net'

/**
 * Sends bytes and reads until the server closes or nothing comes for a while.
 * @param quietMs how long nothing may come before the socket is given up
 * @param end whether to say that no more will be sent
 */
export function exchange(
  port: number,
  bytes: string | Buffer,
  quietMs = 2000,
  end = false,
): Promise<{ text: string; closed: boolean }> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    const done = (closed: boolean) => {
      socket.destroy()
      resolve({ text, closed })
    }
    socket.setTimeout(quietMs, () => done(false))
    socket.on('data', chunk => {
      text += chunk.toString('latin1')
    })
    socket.on('close', () => done(true))
    socket.on('error', () => done(true))
    socket.on('connect', () => (end ? socket.end(bytes) : socket.write(bytes)))
  })
}

/** Sends the start of a request and hangs up. Resolves when the connection is gone. */
export function hangUp(port: number, bytes: string, afterMs = 50): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes)
      setTimeout(() => socket.destroy(), afterMs)
    })
    socket.on('close', () => resolve())
    socket.on('error', reject)
  })
}
