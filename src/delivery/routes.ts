/** Parse, call, shape. */
import type { Operations } from '../http/operation.ts'
import { reply, replyCreated } from '../http/reply.ts'
import { Failure } from '../shared/errors.ts'
import type { DeliveryKpis, FaultSettings, FaultsReply } from './api.ts'
import type { Incidents } from './incidents.ts'
import * as operations from './operations.ts'
import type { Releases } from './releases.ts'
import { alertShape, deploymentShape, incidentShape } from './shapes.ts'
import type { DeliveryStore } from './store.ts'

const LIST_MAX = 100

/** The presenter's switches. */
export interface FaultSwitch {
  state(): FaultsReply
  /** Replaces what is on, also what a release brought. @throws Failure `faults_off`, `storage_*` */
  start(settings: FaultSettings): void
  /** @throws Failure `storage_*` */
  stop(): void
}

interface Parts {
  store: DeliveryStore
  releases: Pick<Releases, 'ship' | 'rollBack'>
  incidents: Pick<Incidents, 'receive' | 'acknowledge'>
  faults: FaultSwitch
  kpis: (days: number) => DeliveryKpis
}

export function serveDelivery({ serve }: Operations, parts: Parts): void {
  const { store, releases, incidents, faults, kpis } = parts
  serve(operations.webhookOperation, async ({ body }, c) =>
    reply(c, { status: 'ok', ...incidents.receive(body) }),
  )
  serve(operations.alertsOperation, async (_input, c) =>
    reply(c, { firing: store.firing().length, alerts: store.alerts(LIST_MAX).map(alertShape) }),
  )
  serve(operations.incidentsOperation, async (_input, c) =>
    reply(c, { incidents: store.incidents(LIST_MAX).map(incidentShape) }),
  )
  serve(operations.acknowledgeOperation, async ({ params }, c) =>
    reply(c, incidentShape(incidents.acknowledge(params.id))),
  )
  serve(operations.deploymentsOperation, async (_input, c) =>
    reply(c, { deployments: store.deployments(LIST_MAX).map(deploymentShape) }),
  )
  serve(operations.shipOperation, async ({ body }, c) =>
    replyCreated(c, deploymentShape(releases.ship(body, 'presenter'))),
  )
  serve(operations.rollbackOperation, async (_input, c) => {
    const deployment = releases.rollBack('presenter')
    if (!deployment)
      throw new Failure('nothing_to_roll_back', 'The version that runs is the one that was started.')
    return reply(c, deploymentShape(deployment))
  })
  serve(operations.kpisOperation, async ({ query }, c) => reply(c, kpis(query.days)))
  serve(operations.faultsOperation, async (_input, c) => reply(c, faults.state()))
  serve(operations.startFaultsOperation, async ({ body }, c) => {
    faults.start(body)
    return reply(c, faults.state())
  })
  serve(operations.stopFaultsOperation, async (_input, c) => {
    faults.stop()
    return reply(c, faults.state())
  })
}
