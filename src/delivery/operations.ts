/** What can be asked and told about alerts, incidents, releases and faults, as the OpenAPI document says it. */
import { operation } from '../http/operation.ts'
import * as api from './api.ts'

const tag = 'delivery'

export const webhookOperation = operation({
  method: 'post',
  path: '/alerts/webhook',
  tag,
  summary: "Alertmanager's webhook",
  description:
    'Takes announcements with "Authorization: Bearer …" and the token of ALERT_WEBHOOK_TOKEN(_FILE). An alert of severity page opens an incident. What is announced again changes nothing.',
  only: 'alertmanager',
  body: api.notification,
  reply: { description: 'Kept', schema: api.accepted },
  refusals: ['storage_full'],
})

export const alertsOperation = operation({
  method: 'get',
  path: '/alerts',
  tag,
  summary: 'Alerts that Alertmanager announced, newest first',
  reply: { description: 'The newest hundred', schema: api.alertsReply },
})

export const incidentsOperation = operation({
  method: 'get',
  path: '/incidents',
  tag,
  summary: 'Incidents, newest first',
  reply: { description: 'The newest hundred', schema: api.incidentsReply },
})

export const deploymentsOperation = operation({
  method: 'get',
  path: '/deployments',
  tag,
  summary: 'Versions that were started or shipped here, newest first',
  reply: { description: 'The newest hundred', schema: api.deploymentsReply },
})

export const shipOperation = operation({
  method: 'post',
  path: '/deployments',
  tag,
  summary: 'Ship a release into the running program, for a demonstration',
  description:
    'From that instant its version is on every log line, metric and answer. One with faults is rolled back by itself; nothing else about the program changes.',
  only: 'presenter',
  body: api.releaseRequest,
  reply: { description: 'It runs', schema: api.deploymentShape, status: 201 },
  refusals: ['faults_off', 'storage_full'],
})

export const rollbackOperation = operation({
  method: 'post',
  path: '/deployments/rollback',
  tag,
  summary: 'Go back to the version before',
  description:
    'To the last one that was not itself rolled back, at most to the one that was started. Ends the faults of the one that ran.',
  only: 'presenter',
  reply: { description: 'The deployment of the version that runs now', schema: api.deploymentShape },
  refusals: ['nothing_to_roll_back', 'storage_full'],
})

export const acknowledgeOperation = operation({
  method: 'post',
  path: '/incidents/{id}/acknowledge',
  tag,
  summary: 'Say that somebody looks after an incident',
  description: 'Saying it again changes nothing, nor does saying it of one that is over.',
  only: 'presenter',
  params: api.incidentParams,
  reply: { description: 'The incident', schema: api.incidentShape },
  refusals: ['unknown_incident', 'storage_full'],
})

export const kpisOperation = operation({
  method: 'get',
  path: '/delivery/kpis',
  tag,
  summary: 'Delivery performance, from the rows of deployments and incidents',
  query: api.kpisQuery,
  reply: { description: 'DORA’s five figures', schema: api.deliveryKpis },
})

export const faultsOperation = operation({
  method: 'get',
  path: '/faults',
  tag,
  summary: 'Faults that are switched on',
  reply: { description: 'All off is the rule', schema: api.faultsReply },
})

export const startFaultsOperation = operation({
  method: 'put',
  path: '/faults',
  tag,
  summary: 'Switch faults on, for a demonstration',
  description: 'They act on borrows only, replace what was on, and end by themselves.',
  only: 'presenter',
  body: api.faultsRequest,
  reply: { description: 'What is on now', schema: api.faultsReply },
  refusals: ['faults_off'],
})

export const stopFaultsOperation = operation({
  method: 'delete',
  path: '/faults',
  tag,
  summary: 'Switch all faults off',
  only: 'presenter',
  reply: { description: 'What is on now', schema: api.faultsReply },
})
