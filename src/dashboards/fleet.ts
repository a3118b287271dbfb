/** Vehicles, what they say, their updates, and the API for their apps. */
import { boardOf } from './board.ts'
import { ingestRow } from './fleet/ingest.ts'
import { kpiRow } from './fleet/kpis.ts'
import { fleetLogRow } from './fleet/log-lines.ts'
import { vehiclesNowRow, vehiclesOverTimeRow } from './fleet/now.ts'
import { updatesRow } from './fleet/updates.ts'
import { vehicleApiRow } from './fleet/vehicle-api.ts'
import { modelVariable, regionVariable } from './variables.ts'

export const fleet = boardOf({
  uid: 'fleet',
  title: 'Fleet',
  description:
    'Vehicles and what they say, updates over the air, and the API for their apps. Model and region choose vehicles where they are counted; everything else is of the whole fleet.',
  past: '15m',
  variables: [modelVariable(), regionVariable()],
  rows: [vehiclesNowRow, vehiclesOverTimeRow, ingestRow, updatesRow, vehicleApiRow, kpiRow, fleetLogRow],
})
