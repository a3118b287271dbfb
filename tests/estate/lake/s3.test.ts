import { createServer, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openS3Lake } from '../../../src/estate/lake/s3-lake.ts'
import { bucketLake, keysOf, s3Server } from './lakes.ts'

const body = Buffer.from('content')

test('a server that went away is told as away; when it is back, everything goes on', async () => {
  const server = await s3Server()
  const lake = await bucketLake(server)
  await lake.put('p/1', body)
  await server.stop()
  await expect(lake.put('p/2', body)).rejects.toMatchObject({ problem: 'away' })
  await expect(lake.get('p/1')).rejects.toMatchObject({ problem: 'away' })
  await expect(keysOf(lake)).rejects.toMatchObject({ problem: 'away' })
  await expect(lake.remove(['p/1'])).rejects.toMatchObject({ problem: 'away' })
  await server.start()
  await lake.put('p/2', body)
  expect(await keysOf(lake)).toEqual(['p/1', 'p/2'])
})

test('names of two prefixes of one bucket do not meet', async () => {
  const server = await s3Server()
  const one = await bucketLake(server)
  const other = await openS3Lake({ ...server.settings, prefix: 'estate-2' })
  const whole = await openS3Lake({ ...server.settings, prefix: '' })
  await one.put('p/1', body)
  await other.put('p/2', body)
  expect(await keysOf(one)).toEqual(['p/1'])
  expect(await keysOf(other)).toEqual(['p/2'])
  expect((await keysOf(whole)).sort()).toEqual(['estate-2/p/2', 'estate/p/1'])
  expect(one.where).toBe('s3://lake/estate')
  expect(whole.where).toBe('s3://lake')
})

test('a bucket that is not there is missing, an account that is not known is denied', async () => {
  const { settings } = await s3Server()
  const noBucket = await openS3Lake({ ...settings, bucket: 'another' })
  await expect(noBucket.put('p/1', body)).rejects.toMatchObject({ problem: 'missing' })
  await expect(noBucket.get('p/1')).rejects.toMatchObject({ problem: 'missing' })
  await expect(keysOf(noBucket)).rejects.toMatchObject({ problem: 'missing' })
  const noAccount = await openS3Lake({ ...settings, accessKey: 'guessed' })
  await expect(noAccount.put('p/1', body)).rejects.toMatchObject({ problem: 'denied' })
  await expect(keysOf(noAccount)).rejects.toMatchObject({ problem: 'denied' })
})

/** A server that answers as it is told. */
async function answering(answer: (response: ServerResponse, method: string) => void, requestMs?: number) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response, request.method ?? ''))
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  const lake = await openS3Lake(
    {
      bucket: 'lake',
      prefix: '',
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      accessKey: 'key',
      secretKey: 'secret-of-this-test',
    },
    requestMs === undefined ? {} : { requestMs },
  )
  onTestFinished(() => lake.close())
  return lake
}
const coded = (status: number, code?: string) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(
    code === undefined ? '' : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`,
  )
}

test.each([
  [403, 'AccessDenied', 'denied'],
  [403, undefined, 'denied'],
  [401, undefined, 'denied'],
  [404, 'NoSuchBucket', 'missing'],
  [404, undefined, 'missing'],
  [507, 'XMinioStorageFull', 'full'],
  [507, undefined, 'full'],
  [400, 'QuotaExceeded', 'full'],
  [503, 'SlowDown', 'slow'],
  [503, undefined, 'slow'],
  [502, undefined, 'away'],
  [500, 'InternalError', 'failed'],
  [400, 'InvalidArgument', 'failed'],
  [301, undefined, 'failed'],
] as const)('the answer %s %s to a put is told as %s', async (status, code, problem) => {
  const lake = await answering(coded(status, code))
  await expect(lake.put('p/1', body)).rejects.toMatchObject({ name: 'LakeFailure', problem })
})

test('what fails says where, and never the secret', async () => {
  const lake = await answering(coded(403, 'AccessDenied'))
  const error = (await lake.put('p/1', body).catch(caught => caught)) as Error
  expect(error.message).toContain('s3://lake')
  expect(JSON.stringify(error) + error.message).not.toContain('secret-of-this-test')
})

test('a server that answers so again and again is asked again and again: no connection is used up', async () => {
  const lake = await answering(coded(503))
  for (let times = 0; times < 60; times++)
    await expect(lake.put('p/1', body)).rejects.toMatchObject({ problem: 'slow' })
})

test('a server that does not answer in time is slow, whether it says nothing or not all', async () => {
  const silent = await answering(() => {}, 150)
  await expect(silent.put('p/1', body)).rejects.toMatchObject({ problem: 'slow' })
  const halfway = await answering(response => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('half')
  }, 150)
  await expect(halfway.get('p/1')).rejects.toMatchObject({ problem: 'slow' })
  await expect(keysOf(halfway)).rejects.toMatchObject({ problem: 'slow' })
})

test('an answer that breaks off is no object', async () => {
  const lake = await answering(response => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('half')
    setImmediate(() => response.destroy())
  })
  await expect(lake.get('p/1')).rejects.toMatchObject({ name: 'LakeFailure' })
})

test('an answer that is no S3 is a failure', async () => {
  const lake = await answering(response => response.end('<html>hello</html>'))
  await expect(keysOf(lake)).rejects.toMatchObject({ problem: 'failed' })
})

test('an object without end is not read into the memory', async () => {
  const lake = await answering(response => {
    const part = Buffer.alloc(1024 * 1024)
    const more = () => {
      while (!response.destroyed && response.write(part));
    }
    response.on('drain', more)
    more()
  })
  await expect(lake.get('p/1')).rejects.toMatchObject({ problem: 'failed' })
})

test('nobody at the address is told as away', async () => {
  const { settings, stop } = await s3Server()
  await stop()
  await new Promise<void>(resolve => {
    connect(Number(new URL(settings.endpoint).port), '127.0.0.1').on('error', () => resolve())
  })
  const lake = await openS3Lake(settings)
  await expect(lake.put('p/1', body)).rejects.toMatchObject({ problem: 'away' })
})
