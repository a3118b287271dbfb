/** The campaigns on the writer's thread. */
import type { KeyObject } from 'node:crypto'
import type { Db } from '../../db/open.ts'
import { newId as unforeseenId } from '../../shared/id.ts'
import type { Random } from '../../shared/random.ts'
import type { UpdateStatusMessage } from '../../vehicle/messages.ts'
import type { Deciding, Handlers } from '../commands.ts'
import type { VehicleRow } from '../schema.ts'
import { abortCampaign } from './abort.ts'
import type { CampaignCommands } from './commands.ts'
import { createCountStore } from './count-store.ts'
import { approveCampaign, createCampaign, createRelease } from './create.ts'
import { pauseCampaign } from './pause.ts'
import { receiveStatus, vehicleOnline } from './receive-status.ts'
import { resumeCampaign } from './resume.ts'
import { startCampaign } from './start.ts'
import { createCampaignStore } from './store.ts'
import { tick } from './tick.ts'
import { createUpdateStore } from './update-store.ts'
import type { Work } from './work.ts'

export interface Campaigns {
  handlers: Handlers<CampaignCommands>
  /** What vehicles say, in the transaction that takes it. Each may change the `activeUpdate` of the row it is given. */
  uplinks: {
    updateStatus(vehicle: VehicleRow, message: UpdateStatusMessage, deciding: Deciding): void
    online(vehicle: VehicleRow, deciding: Deciding): void
  }
}

/** @param random for the jitter of retries @param newId of campaigns and updates */
export function createCampaigns(
  db: Db,
  {
    signingKey,
    random,
    newId = unforeseenId,
  }: { signingKey: KeyObject; random: Random; newId?: () => string },
): Campaigns {
  const store = { ...createCampaignStore(db), ...createUpdateStore(db), ...createCountStore(db) }
  const work = (deciding: Deciding): Work => ({ store, deciding, random, signingKey, newId })
  return {
    handlers: {
      createRelease: (input, deciding) => createRelease(work(deciding), input),
      createCampaign: (input, deciding) => createCampaign(work(deciding), input),
      approveCampaign: (input, deciding) => approveCampaign(work(deciding), input),
      startCampaign: (input, deciding) => startCampaign(work(deciding), input),
      pauseCampaign: (input, deciding) => pauseCampaign(work(deciding), input),
      resumeCampaign: (input, deciding) => resumeCampaign(work(deciding), input),
      abortCampaign: (input, deciding) => abortCampaign(work(deciding), input),
      tick: (_input, deciding) => tick(work(deciding)),
    },
    uplinks: {
      updateStatus: (vehicle, message, deciding) => receiveStatus(work(deciding), vehicle, message),
      online: (vehicle, deciding) => vehicleOnline(work(deciding), vehicle),
    },
  }
}
