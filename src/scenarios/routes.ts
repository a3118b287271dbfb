/** Parse, call, shape. */
import type { Operations } from '../http/operation.ts'
import { reply } from '../http/reply.ts'
import type { ScenarioName, ScenariosReply } from './api.ts'
import * as operations from './operations.ts'
import type { ScenarioRunner } from './run.ts'
import { type Scenario, scenarioShapeOf } from './scenario.ts'
import type { TrafficControl } from './traffic-control.ts'

interface Parts {
  scenarios: Record<ScenarioName, Scenario>
  runner: ScenarioRunner
  traffic: TrafficControl
  /** Its address. */
  grafana: string
}

export function serveScenarios({ serve }: Operations, { scenarios, runner, traffic, grafana }: Parts): void {
  const base = grafana.replace(/\/+$/, '')
  const shapes = Object.values(scenarios).map(scenario => scenarioShapeOf(scenario, base))
  const told = (): ScenariosReply => ({ scenarios: shapes, running: runner.running() })

  serve(operations.trafficOperation, async (_input, c) => reply(c, traffic.state()))
  serve(operations.startTrafficOperation, async ({ body }, c) => {
    traffic.ensure({ ...body, by: 'presenter' })
    return reply(c, traffic.state())
  })
  serve(operations.stopTrafficOperation, async (_input, c) => {
    await traffic.stop()
    return reply(c, traffic.state())
  })
  serve(operations.scenariosOperation, async (_input, c) => reply(c, told()))
  serve(operations.startScenarioOperation, async ({ params }, c) => {
    await runner.start(scenarios[params.name])
    return reply(c, told())
  })
  serve(operations.stopScenarioOperation, async (_input, c) => {
    await runner.stop()
    return reply(c, told())
  })
}
