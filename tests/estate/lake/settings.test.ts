import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLakeUrl } from '../../../src/config/lake-url.ts'
import { openLake } from '../../../src/estate/lake/open-lake.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const account = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' }

test.each([
  ['estate.lake', 'estate.lake'],
  ['/var/lib/lake', '/var/lib/lake'],
  ['./a b/ü', './a b/ü'],
  ['file:///var/lib/lake', '/var/lib/lake'],
  ['file:///var/lib/a%20b', '/var/lib/a b'],
])('%s is a folder', (url, folder) => {
  expect(readLakeUrl(url)).toEqual({ settings: { kind: 'directory', folder } })
})

test.each([
  ['s3://lake', 'lake', ''],
  ['s3://lake/', 'lake', ''],
  ['s3://my-lake.2/team/estate', 'my-lake.2', 'team/estate'],
  ['S3://lake/a_b=c/', 'lake', 'a_b=c'],
])('%s is a bucket', (url, bucket, prefix) => {
  expect(readLakeUrl(url, account)).toEqual({
    settings: {
      kind: 's3',
      bucket,
      prefix,
      endpoint: 'https://s3.amazonaws.com',
      region: 'us-east-1',
      accessKey: 'key',
      secretKey: 'secret',
    },
  })
})

test('another server and region are taken from the variables that clients of S3 share', () => {
  const read = readLakeUrl('s3://lake', {
    ...account,
    AWS_REGION: 'north-1',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000',
  })
  expect(read).toMatchObject({ settings: { region: 'north-1', endpoint: 'http://127.0.0.1:9000' } })
})

test.each([
  [''],
  ['  '],
  ['https://example.com/lake'],
  ['gs://bucket'],
  ['file://host/share'],
  ['s3://'],
  ['s3://UPPER'],
  ['s3://a'],
  ['s3://lake/../up'],
  ['s3://lake/a//b'],
  ['s3://lake/a b'],
  ['s3://user:password@lake'],
])('%j is a problem that names LAKE_URL', url => {
  const read = readLakeUrl(url, account)
  expect(read).toEqual({ problems: [expect.stringContaining('LAKE_URL')] })
})

test.each([
  'ftp://host',
  'nonsense',
  'http://',
  'http://host/path',
  'http://user:password@host',
  'http://host?x',
])('the endpoint %s is a problem', endpoint => {
  const read = readLakeUrl('s3://lake', { ...account, AWS_ENDPOINT_URL_S3: endpoint })
  expect(read).toEqual({ problems: [expect.stringContaining('AWS_ENDPOINT_URL_S3')] })
})

test('every problem is told at once, and no secret with it', () => {
  const read = readLakeUrl('s3://UPPER', { AWS_SECRET_ACCESS_KEY: 'hush', AWS_ENDPOINT_URL_S3: 'x' })
  expect(read).toMatchObject({ problems: [{}, {}, {}].map(() => expect.any(String)) })
  expect(JSON.stringify(read)).not.toContain('hush')
})

test('a folder is made where it is not there', async () => {
  const folder = join(temporaryFolder(), 'a', 'b')
  const lake = await openLake({ kind: 'directory', folder }, systemClock)
  expect(existsSync(folder)).toBe(true)
  expect(lake.where).toBe(folder)
})
