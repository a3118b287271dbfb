/** The lake as objects in a bucket of any server that speaks S3. */
import { AsyncLocalStorage } from 'node:async_hooks'
import http from 'node:http'
import https from 'node:https'
import { type Lake, LakeFailure } from './lake.ts'
import { checkSize, partsOf } from './object-name.ts'
import { type Attempt, problemOf } from './s3-problems.ts'

export interface S3Settings {
  bucket: string
  /** Before every name: '' or `team/estate`. */
  prefix: string
  /** `https://s3.example.com:9000` */
  endpoint: string
  region: string
  accessKey: string
  secretKey: string
}

/** From the first byte sent to the last byte read. */
const REQUEST_MS = 10_000
const CONNECTIONS_MAX = 16
const PAGE = 1000
/** Answers that the library leaves unread, and their connections with them. */
const unread = new Set([408, 429, 499, 500, 502, 503, 504, 520])

/**
 * Connects with the first request. The library is loaded here and not before, so who keeps the lake in a folder does
 * not carry it.
 */
export async function openS3Lake(settings: S3Settings, { requestMs = REQUEST_MS } = {}): Promise<Lake> {
  const { Client } = await import('minio')
  const { bucket, region, accessKey, secretKey } = settings
  const { hostname, port, protocol } = new URL(settings.endpoint)
  const prefix = settings.prefix === '' ? '' : `${settings.prefix}/`
  const where = `s3://${bucket}${settings.prefix === '' ? '' : `/${settings.prefix}`}`
  const wire = protocol === 'https:' ? https : http
  const agent = new wire.Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX })
  /** The library takes no time limit for a request, and its errors do not tell the status: so both go by here. */
  const attempts = new AsyncLocalStorage<Attempt>()
  const client = new Client({
    endPoint: hostname.replace(/^\[|\]$/g, ''),
    ...(port !== '' && { port: Number(port) }),
    useSSL: protocol === 'https:',
    region,
    accessKey,
    secretKey,
    pathStyle: true,
    // It writes to the console when it tries again; and whoever uses the lake tries again anyway.
    retryOptions: { disableRetry: true },
    transportAgent: agent,
    transport: {
      request: ((options: http.RequestOptions, answered: (response: http.IncomingMessage) => void) => {
        const attempt = attempts.getStore()
        return wire.request({ ...options, signal: attempt?.signal }, response => {
          if (attempt) attempt.status = response.statusCode
          if (unread.has(response.statusCode ?? 0)) response.resume()
          answered(response)
        })
      }) as typeof http.request,
    },
  })

  /** One request. @throws LakeFailure */
  async function ask<T>(work: () => Promise<T>): Promise<T> {
    const attempt: Attempt = { signal: AbortSignal.timeout(requestMs), status: undefined }
    try {
      return await attempts.run(attempt, work)
    } catch (error) {
      if (error instanceof LakeFailure) throw error
      const problem = problemOf(error, attempt)
      const said = (error as Error).message || (error as { code?: string }).code || 'no reason given'
      throw new LakeFailure(problem, `${where}: ${said.slice(0, 200)}`, error)
    }
  }

  const nameOf = (key: string) => prefix + partsOf(key).join('/')

  return {
    where,
    put: (key, body) =>
      ask(async () => {
        checkSize(key, body.length)
        await client.putObject(bucket, nameOf(key), body, body.length)
      }),
    get: key =>
      ask(async () => {
        try {
          const parts: Buffer[] = []
          let bytes = 0
          const content = await client.getObject(bucket, nameOf(key))
          for await (const part of content as AsyncIterable<Buffer>) {
            parts.push(part)
            bytes += part.length
            checkSize(key, bytes)
          }
          return Buffer.concat(parts)
        } catch (error) {
          if ((error as { code?: string }).code === 'NoSuchKey') return null
          throw error
        }
      }),
    async *list(wanted, after = '') {
      // By the last name and not by the server's token, which the library spoils when it looks like a number.
      for (let last = after === '' ? '' : prefix + after; ; ) {
        const page = await ask(() => client.listObjectsV2Query(bucket, prefix + wanted, '', '', PAGE, last))
        for (const { name, size } of page.objects)
          if (name !== undefined) yield { key: name.slice(prefix.length), bytes: size ?? 0 }
        const next = page.objects.at(-1)?.name
        if (!page.isTruncated || next === undefined || next <= last) return
        last = next
      }
    },
    async remove(keys) {
      for (let from = 0; from < keys.length; from += PAGE) {
        const names = keys.slice(from, from + PAGE).map(nameOf)
        const refused = await ask(() => client.removeObjects(bucket, names))
        const first = refused[0] as { Code?: string; Message?: string } | undefined
        if (first && first.Code !== 'NoSuchKey')
          throw new LakeFailure(
            first.Code === 'AccessDenied' ? 'denied' : 'failed',
            `${where}: ${first.Message ?? first.Code ?? 'an object was not removed'}`,
          )
      }
    },
    close: async () => agent.destroy(),
  }
}
