import { resolve } from 'node:path'
import type { Clock } from '../../shared/clock.ts'
import { openDirectoryLake } from './directory-lake.ts'
import type { Lake } from './lake.ts'
import { openS3Lake, type S3Settings } from './s3-lake.ts'

export type LakeSettings = { kind: 'directory'; folder: string } | ({ kind: 's3' } & S3Settings)

/** @throws LakeFailure when the folder cannot be made; a bucket is asked for with the first request only */
export const openLake = (settings: LakeSettings, clock: Clock): Promise<Lake> =>
  settings.kind === 'directory' ? openDirectoryLake(resolve(settings.folder), clock) : openS3Lake(settings)
