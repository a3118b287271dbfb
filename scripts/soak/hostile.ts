/** Requests that nobody means well with, whole and mutilated: what they get is an answer below 500, or none. */
import { connect } from 'node:net'
import type { ApiDocument, DocumentedOperation } from '../../tests/support/api-document.ts'
import { type HostileRequest, hostileRequests } from '../../tests/support/hostile-requests.ts'
import { exchange } from '../../tests/support/socket.ts'
import { TOKEN } from '../bench/server.ts'
import type { Room } from './room.ts'

/** They would set going, or end, what the presenter of the soak shows; budgets are the borrowers' matter. */
const LEFT_OUT =
  /^\/(traffic|scenarios|races|faults|stage|deployments|config|stream|fleet|estate|health|api|deck)/

/** @returns what was answered with a 5xx that is not `stopping` */
export async function hostiles(room: Room): Promise<string[]> {
  const d = room.diceOf('hostile')
  const findings: string[] = []
  const next = hostileRequests(await documentOf(room), d, TOKEN, [])

  while (room.isOpen) {
    await room.server.ready()
    const asked = next()
    // As one of its own: a borrow by the name of one of the clients would be no borrow of theirs.
    const bytes = bytesOf(asked, d.once(3) ? d.roll(6) : 0, d.roll)
    const changes = room.server.changes
    if (d.once(10)) await flood(room.server.port, bytes)
    else {
      const { text } = await exchange(room.server.port, bytes, 1500, true)
      const status = /^HTTP\/1\.1 (5\d\d) /.exec(text)?.[1]
      const isOurs = /"reason":"(stopping|internal)"/.exec(text)?.[1]
      const isExplained = isOurs === 'internal' && asked.path.startsWith('/licenses/borrow')
      if (status && changes === room.server.changes && !isExplained)
        findings.push(
          `${status} ${text.slice(-200)} <- ${asked.method} ${asked.path.slice(0, 100)} ${asked.body?.slice(0, 200)}`,
        )
    }
    room.did('hostile requests')
    await room.rest(50 + d.roll(400))
  }
  return findings
}

async function documentOf(room: Room): Promise<ApiDocument> {
  const answer = await room.client.ask('GET', '/openapi.json')
  if (!answer) throw new Error('the server did not answer with its document')
  const { openapi, paths, components } = answer.body
  const operations: DocumentedOperation[] = []
  for (const [path, methods] of Object.entries<Record<string, never>>(paths))
    for (const [method, described] of Object.entries<Record<string, never>>(methods)) {
      if (LEFT_OUT.test(path)) continue
      const {
        operationId = '',
        parameters = [],
        requestBody,
      } = described as never as DocumentedOperation & {
        requestBody?: { content: Record<string, { schema: never }> }
      }
      const body = requestBody?.content['application/json']?.schema
      operations.push({
        method: method.toUpperCase(),
        path,
        operationId,
        parameters,
        body,
        responses: {},
        only: undefined,
      })
    }
  return { openapi, operations, schemas: components.schemas }
}

/** @param damages how many bytes are changed */
function bytesOf(asked: HostileRequest, damages: number, roll: (below: number) => number): Buffer {
  const { method, path, headers, body = '' } = asked
  const all = { host: 'x', ...headers, 'content-length': String(Buffer.byteLength(body)) }
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  const bytes = Buffer.from(`${method} ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${body}`)
  for (let count = 0; count < damages; count++) bytes[roll(Math.min(200, bytes.length))] = roll(256)
  return bytes
}

/** The same many times in one connection, which is cut without reading. */
const flood = (port: number, bytes: Buffer): Promise<void> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      for (let count = 0; count < 20; count++) socket.write(bytes)
      setTimeout(() => socket.resetAndDestroy(), 30)
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
