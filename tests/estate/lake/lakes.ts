/** Real lakes to hold the same contract against: a folder, and a server that speaks S3. */
import crypto from 'node:crypto'
import S3rver from 's3rver'
import { onTestFinished } from 'vitest'
import { openDirectoryLake } from '../../../src/estate/lake/directory-lake.ts'
import type { Lake } from '../../../src/estate/lake/lake.ts'
import { openS3Lake, type S3Settings } from '../../../src/estate/lake/s3-lake.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

// The server makes the token of a page with DES, which OpenSSL 3 has no more. Nobody reads it here.
const { createCipheriv } = crypto
crypto.createCipheriv = ((name: string, ...rest: [Buffer, Buffer]) => {
  if (name !== 'des') return createCipheriv(name, ...rest)
  const [key, iv] = rest
  return createCipheriv('aes-128-cbc', Buffer.concat([key, key]), Buffer.concat([iv, iv]))
}) as typeof createCipheriv

export async function folderLake(): Promise<Lake> {
  return openDirectoryLake(temporaryFolder(), systemClock)
}

export interface S3Server {
  settings: S3Settings
  /** Goes away; what it has stays. */
  stop(): Promise<void>
  /** Comes back at the same address. */
  start(): Promise<void>
}

export async function s3Server(): Promise<S3Server> {
  const directory = temporaryFolder()
  let running: S3rver | null = null
  let port = 0
  const server: S3Server = {
    settings: {
      bucket: 'lake',
      prefix: 'estate',
      endpoint: '',
      region: 'us-east-1',
      accessKey: 'S3RVER',
      secretKey: 'S3RVER',
    },
    async start() {
      running = new S3rver({
        port,
        address: '127.0.0.1',
        silent: true,
        directory,
        configureBuckets: [{ name: 'lake' }],
      })
      port = (await running.run()).port
      server.settings.endpoint = `http://127.0.0.1:${port}`
    },
    async stop() {
      const ending = running
      running = null
      await ending?.close()
    },
  }
  await server.start()
  onTestFinished(() => server.stop())
  return server
}

export async function bucketLake(server?: S3Server): Promise<Lake> {
  const { settings } = server ?? (await s3Server())
  const lake = await openS3Lake(settings)
  onTestFinished(() => lake.close())
  return lake
}

export async function keysOf(lake: Lake, prefix = '', after?: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of lake.list(prefix, after)) keys.push(key)
  return keys
}
