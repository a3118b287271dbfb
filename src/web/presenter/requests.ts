import type { DeploymentShape, IncidentShape, ReleaseRequest } from '../../delivery/api.ts'
import type { RaceRequest, RaceShape, RacesReply } from '../../race/api.ts'
import type { ScenarioName, ScenariosReply, TrafficReply, TrafficRequest } from '../../scenarios/api.ts'
import type { CommandRequest, DeckReply, JoinReply, RunOfShowReply, StackReply } from '../../stage/api.ts'
import { call } from '../api.ts'

const post = <T>(path: string, body?: unknown) => call<T>(path, { method: 'POST', body })
const race = (id: string) => `/races/${encodeURIComponent(id)}`

/** Where the deck stands, and what this browser is called. */
export const deck = () => call<DeckReply>('/deck')
/** @throws Problem `no_deck`, `not_driver`, `stale_command` */
export const sendCommand = (command: CommandRequest) => post<DeckReply>('/deck/commands', command)
/** Takes the remote, from whoever has it. */
export const takeRemote = () => post<DeckReply>('/deck/drive')
export const leaveRemote = () => call<DeckReply>('/deck/drive', { method: 'DELETE' })
/** Starts the clock of the talk, or starts it anew. */
export const startClock = () => post<DeckReply>('/deck/clock')
export const runOfShow = () => call<RunOfShowReply>('/run-of-show')

export const join = () => call<JoinReply>('/join')
export const stack = () => call<StackReply>('/stack')
export const resetStage = () => post<{ status: 'ok'; borrows_ended: number }>('/stage/reset')

/** What is not said keeps what the server presets. @throws Problem `faults_off` */
export const ship = (wanted: Partial<ReleaseRequest>) => post<DeploymentShape>('/deployments', wanted)
/** @throws Problem `nothing_to_roll_back` */
export const rollBack = () => post<DeploymentShape>('/deployments/rollback')
/** @throws Problem `unknown_incident` */
export const acknowledge = (id: number) => post<IncidentShape>(`/incidents/${id}/acknowledge`)

/** Starts the traffic, or changes what runs. */
export const runTraffic = (wanted: Partial<TrafficRequest>) =>
  call<TrafficReply>('/traffic', { method: 'PUT', body: wanted })
export const stopTraffic = () => call<TrafficReply>('/traffic', { method: 'DELETE' })

export const scenarios = () => call<ScenariosReply>('/scenarios')
export const startScenario = (name: ScenarioName) => post<ScenariosReply>(`/scenarios/${name}/start`)
export const stopScenario = () => post<ScenariosReply>('/scenarios/stop')

/** @throws Problem `race_running`, `faults_off` */
export const startRace = (wanted: Partial<RaceRequest>) => post<RaceShape>('/races', wanted)
/** The presenter rolls back in the race. @throws Problem `race_over` */
export const rollBackRace = (id: string) => post<RaceShape>(`${race(id)}/rollback`)
export const cancelRace = (id: string) => post<RaceShape>(`${race(id)}/cancel`)
export const races = () => call<RacesReply>('/races')
/** The run as a file. */
export const raceFile = (id: string) => `${race(id)}?download=1`
