/** How each command is decided, inside the writer's transaction. */
import type { Db } from '../../db/open.ts'
import type { EstateCommands } from '../commands.ts'
import { createAnomalyStore } from './anomaly-store.ts'
import { createForgetStore } from './forget-store.ts'
import { createObjectStore } from './object-store.ts'
import { createPruneStore } from './prune-store.ts'
import { createResourceStore } from './resource-store.ts'
import { createRollupStore } from './rollup-store.ts'
import type { TransformSettings } from './settings.ts'
import { setObjectAside, takeObject } from './take-object.ts'
import { createWorkingSet } from './working-set.ts'

/** @param now of the transaction, Unix ms */
export type Handlers = {
  [K in keyof EstateCommands]: (input: EstateCommands[K]['in'], now: number) => EstateCommands[K]['out']
}

export function createTransform(db: Db, settings: TransformSettings) {
  const store = createObjectStore(db)
  const set = createWorkingSet(createResourceStore(db), createRollupStore(db), settings)
  const anomalies = createAnomalyStore(db)
  const { prune } = createPruneStore(db, settings)
  const { forget } = createForgetStore(db)
  const parts = { store, set, settings }

  const handlers: Handlers = {
    take_object: (object, now) => takeObject(object, now, parts),
    set_object_aside: ({ key, detail }, now) => setObjectAside(key, detail, now, parts),
    find_untaken: ({ keys }) => ({ untaken: keys.filter(key => !store.isTaken(key)) }),
    drop_checkpoints: ({ keys }) => ({ removed: keys.reduce((sum, key) => sum + store.remove(key), 0) }),
    note_fault: notice => ({ isNew: anomalies.noteFault(notice) }),
    record_anomalies: ({ found }, now) => anomalies.record(found, now),
    prune: (_, now) => ({ ...prune(now), expired: store.expired(now - settings.lakeKeepMs) }),
    forget_from: ({ day }) => forget(day),
  }
  return { handlers, set }
}
