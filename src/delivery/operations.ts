/** What can be asked and told about alerts, incidents, deployments and faults, as the OpenAPI document says it. */
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
  summary: 'Versions that were started here, newest first',
  reply: { description: 'The newest hundred', schema: api.deploymentsReply },
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
