/** Where the lake is, from the words of the environment. Pure. */
import { fileURLToPath } from 'node:url'

export type LakeConfig =
  | { kind: 'directory'; folder: string }
  | {
      kind: 's3'
      bucket: string
      /** Without a slash at its end; empty: none. */
      prefix: string
      /** `https://host:port` */
      endpoint: string
      region: string
      accessKey: string
      secretKey: string
    }

/** The names that clients of S3 have for these; null: not set. */
type Variables = Partial<
  Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_REGION' | 'AWS_ENDPOINT_URL_S3', string | null>
>

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const PREFIX = /^[\w./=-]*$/

/** @param url of LAKE_URL: a folder's path, `file:///…` or `s3://bucket/prefix` @returns every problem, or the settings */
export function readLakeUrl(
  url: string,
  variables: Variables = {},
): { settings: LakeConfig } | { problems: string[] } {
  if (/^s3:\/\//i.test(url)) return readBucket(url, variables)
  if (/^file:/i.test(url)) {
    try {
      return { settings: { kind: 'directory', folder: fileURLToPath(url) } }
    } catch {
      return { problems: ['LAKE_URL: must be a folder of this machine, as file:///path'] }
    }
  }
  const [, scheme] = /^([a-z][\w+.-]+):\/\//i.exec(url) ?? []
  if (scheme) return { problems: [`LAKE_URL: must be a folder or s3://bucket/prefix, not ${scheme}://`] }
  if (url.trim() === '') return { problems: ['LAKE_URL: must be a folder or s3://bucket/prefix'] }
  return { settings: { kind: 'directory', folder: url } }
}

function readBucket(url: string, variables: Variables) {
  const [bucket = '', ...rest] = url.slice('s3://'.length).split('/')
  const prefix = rest.join('/').replace(/\/+$/, '')
  const accessKey = variables.AWS_ACCESS_KEY_ID ?? ''
  const secretKey = variables.AWS_SECRET_ACCESS_KEY ?? ''
  const region = variables.AWS_REGION || 'us-east-1'
  const endpoint = variables.AWS_ENDPOINT_URL_S3 || 'https://s3.amazonaws.com'
  const parts = prefix.split('/')
  const isPrefix =
    prefix === '' || (PREFIX.test(prefix) && parts.every(part => part !== '' && !part.startsWith('.')))
  const problems = [
    ...(BUCKET.test(bucket) && !bucket.includes('..')
      ? []
      : [
          'LAKE_URL: the bucket must have 3 to 63 letters, digits, dots and hyphens, as in s3://bucket/prefix',
        ]),
    ...(isPrefix ? [] : ['LAKE_URL: the prefix must have letters, digits and . _ = - between its slashes']),
    ...(accessKey === '' ? ['AWS_ACCESS_KEY_ID: is needed for the bucket of LAKE_URL'] : []),
    ...(secretKey === '' ? ['AWS_SECRET_ACCESS_KEY: is needed for the bucket of LAKE_URL'] : []),
    ...(isEndpoint(endpoint)
      ? []
      : ['AWS_ENDPOINT_URL_S3: must be http:// or https:// with a host, without a path']),
  ]
  if (problems.length > 0) return { problems }
  return { settings: { kind: 's3' as const, bucket, prefix, endpoint, region, accessKey, secretKey } }
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (
    /^https?:$/.test(url.protocol) &&
    url.hostname !== '' &&
    url.pathname === '/' &&
    url.search === '' &&
    url.username === ''
  )
}
