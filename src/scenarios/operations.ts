/** What can be asked and told about scenarios and traffic, as the OpenAPI document says it. */
import { operation } from '../http/operation.ts'
import * as api from './api.ts'

const tag = 'rehearsal'

export const trafficOperation = operation({
  method: 'get',
  path: '/traffic',
  tag,
  summary: 'The simulated traffic of this server',
  reply: { description: 'What runs, and what has come of it', schema: api.trafficReply },
})

export const startTrafficOperation = operation({
  method: 'put',
  path: '/traffic',
  tag,
  summary: 'Start simulated traffic, or change it',
  description:
    'People who borrow, hold and give back. While traffic runs, its rate, mix, retries and end are replaced; the seed counts when it begins.',
  only: 'presenter',
  body: api.trafficRequest,
  reply: { description: 'What runs now', schema: api.trafficReply },
})

export const stopTrafficOperation = operation({
  method: 'delete',
  path: '/traffic',
  tag,
  summary: 'Stop simulated traffic, whoever started it',
  description: 'What it holds is given back.',
  only: 'presenter',
  reply: { description: 'Nothing runs now', schema: api.trafficReply },
})

export const scenariosOperation = operation({
  method: 'get',
  path: '/scenarios',
  tag,
  summary: 'What can be shown, and what is being shown',
  reply: { description: 'All scenarios, with what to look at', schema: api.scenariosReply },
})

export const startScenarioOperation = operation({
  method: 'post',
  path: '/scenarios/{name}/start',
  tag,
  summary: 'Start a scenario',
  description: 'Stops the one that runs. It ends by itself, and undoes what it did.',
  only: 'presenter',
  params: api.scenarioParams,
  reply: { description: 'It runs', schema: api.scenariosReply },
  refusals: ['faults_off', 'scenario_impossible'],
})

export const stopScenarioOperation = operation({
  method: 'post',
  path: '/scenarios/stop',
  tag,
  summary: 'Stop the scenario that runs, and undo what it did',
  only: 'presenter',
  reply: { description: 'None runs', schema: api.scenariosReply },
})
