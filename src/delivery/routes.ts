/** Parse, call, shape. */
import type { Operations } from '../http/operation.ts'
import { reply } from '../http/reply.ts'
import { Failure } from '../shared/errors.ts'
import type { Notification } from './api.ts'
import type { Faults } from './faults.ts'
import * as operations from './operations.ts'
import { alertShape, deploymentShape, incidentShape } from './shapes.ts'
import type { DeliveryStore } from './store.ts'

const LIST_MAX = 100

interface Parts {
  store: DeliveryStore
  faults: Faults
  receive: (notification: Notification) => { new: number; known: number }
}

export function serveDelivery({ serve }: Operations, { store, faults, receive }: Parts): void {
  serve(operations.webhookOperation, async ({ body }, c) => reply(c, { status: 'ok', ...receive(body) }))
  serve(operations.alertsOperation, async (_input, c) =>
    reply(c, { firing: store.firing().length, alerts: store.alerts(LIST_MAX).map(alertShape) }),
  )
  serve(operations.incidentsOperation, async (_input, c) =>
    reply(c, { incidents: store.incidents(LIST_MAX).map(incidentShape) }),
  )
  serve(operations.deploymentsOperation, async (_input, c) =>
    reply(c, { deployments: store.deployments(LIST_MAX).map(deploymentShape) }),
  )
  serve(operations.faultsOperation, async (_input, c) => reply(c, faults.state()))
  serve(operations.startFaultsOperation, async ({ body }, c) => {
    if (!faults.state().possible) throw new Failure('faults_off', 'This server was started with FAULTS=off.')
    faults.start(body)
    return reply(c, faults.state())
  })
  serve(operations.stopFaultsOperation, async (_input, c) => {
    faults.stop()
    return reply(c, faults.state())
  })
}
