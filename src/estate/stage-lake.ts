import type { Clock } from '../shared/clock.ts'
import { StartFailure } from '../shared/errors.ts'
import type { Lake } from './lake/lake.ts'
import { type LakeSettings, openLake } from './lake/open-lake.ts'

/** The lake of a stage, or words for who started it. @throws StartFailure */
export const openStageLake = (settings: LakeSettings, clock: Clock): Promise<Lake> =>
  openLake(settings, clock).catch(({ message }: Error) => {
    throw new StartFailure(`The lake cannot be opened: ${message}`, 'choose another place with LAKE_URL')
  })
