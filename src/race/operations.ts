import { z } from 'zod'
import { operation } from '../http/operation.ts'
import * as api from './api.ts'

const tag = 'race'

export const startOperation = operation({
  method: 'post',
  path: '/races',
  tag,
  summary: 'The same incident on two paths',
  description:
    'Ships a release with a defect to this license server, and gives the same defect to a second, simulated fleet whose time runs faster.',
  only: 'presenter',
  body: api.raceRequest,
  reply: { description: 'It runs', schema: api.raceShape, status: 201 },
  refusals: ['race_running', 'faults_off'],
})

export const listOperation = operation({
  method: 'get',
  path: '/races',
  tag,
  summary: 'Races that are kept, newest first',
  reply: { description: 'The newest hundred', schema: api.racesReply },
})

export const recordedOperation = operation({
  method: 'get',
  path: '/races/recorded',
  tag,
  summary: 'The recording that comes with the program',
  description: 'Shown where no race was ever run, and marked as a recording.',
  reply: { description: 'A race', schema: api.raceShape },
  refusals: ['unknown_race'],
})

export const raceOperation = operation({
  method: 'get',
  path: '/races/{id}',
  tag,
  summary: 'A race',
  params: api.raceParams,
  query: z.object({
    download: z.enum(['0', '1']).optional().meta({ description: '1: as a file to keep' }),
  }),
  reply: { description: 'With its steps, curves, table and assumptions', schema: api.raceShape },
  refusals: ['unknown_race'],
})

export const rollbackOperation = operation({
  method: 'post',
  path: '/races/{id}/rollback',
  tag,
  summary: 'Roll the release of the race back now',
  only: 'presenter',
  params: api.raceParams,
  reply: { description: 'The race', schema: api.raceShape },
  refusals: ['unknown_race', 'race_over'],
})

export const cancelOperation = operation({
  method: 'post',
  path: '/races/{id}/cancel',
  tag,
  summary: 'End a race before its time',
  only: 'presenter',
  params: api.raceParams,
  reply: { description: 'The race', schema: api.raceShape },
  refusals: ['unknown_race', 'race_over'],
})
