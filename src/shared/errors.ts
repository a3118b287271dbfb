/**
 * Every way a request can fail, once: the machine `reason` a client can rely on, its HTTP status
 * and its title. Anything that is not in this table is a fault and answers as `internal`.
 */
export const failures = {
  malformed_request: { status: 400, title: 'The request is not valid HTTP' },
  malformed_json: { status: 422, title: 'The body is not JSON' },
  invalid_request: { status: 422, title: 'The request is not valid' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used for another request' },
  body_too_large: { status: 413, title: 'The body is too large' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  unknown_tool: { status: 404, title: 'There is no such tool' },
  unknown_borrow: { status: 404, title: 'There is no such borrow' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  exhausted: { status: 409, title: 'Every seat is borrowed' },
  max_overage: { status: 409, title: 'The overage limit is reached' },
  spend_cap: { status: 409, title: 'The monthly overage budget is spent' },
  borrow_ended: { status: 409, title: 'The borrow has ended' },
  below_borrowed: { status: 400, title: 'The total is below what is borrowed' },
  stale_settings: { status: 412, title: 'The settings were changed by somebody else' },
  unauthorized: { status: 401, title: 'The right token is needed' },
  cross_site: { status: 403, title: 'The request came from another site' },
  faults_off: { status: 409, title: 'Faults are impossible here' },
  nothing_to_roll_back: { status: 409, title: 'No earlier release is known' },
  unknown_incident: { status: 404, title: 'There is no such incident' },
  unknown_race: { status: 404, title: 'There is no such race' },
  race_running: { status: 409, title: 'A race is under way' },
  race_over: { status: 409, title: 'The race is over' },
  scenario_impossible: { status: 409, title: 'The scenario needs what is not here' },
  not_driver: { status: 409, title: 'Somebody else has the remote' },
  stale_command: { status: 409, title: 'The deck has moved on' },
  deck_elsewhere: { status: 409, title: 'Another window shows the deck' },
  no_deck: { status: 409, title: 'No deck is open on a screen' },
  unknown_vehicle: { status: 404, title: 'There is no such vehicle' },
  unknown_campaign: { status: 404, title: 'There is no such campaign' },
  unknown_release: { status: 404, title: 'There is no such release' },
  unknown_update: { status: 404, title: 'There is no such update of a vehicle' },
  counter_not_higher: { status: 409, title: 'The release counter is not above those before' },
  version_taken: { status: 409, title: 'There is a release of that version' },
  campaign_state: { status: 409, title: 'The campaign is in a state that does not allow this' },
  vehicle_offline: { status: 409, title: 'The vehicle is not connected' },
  vehicle_refused: { status: 409, title: 'The vehicle refused' },
  vehicle_silent: { status: 504, title: 'The vehicle did not answer in time' },
  forbidden: { status: 403, title: 'This token is for something else' },
  broker_away: { status: 503, title: 'The MQTT broker is not connected' },
  estate_not_simulated: { status: 409, title: 'The estate is not simulated here' },
  upgrade_required: { status: 426, title: 'A WebSocket is spoken here' },
  unhealthy: { status: 503, title: 'A stage of the pipeline does not run as it should' },
  rate_limited: { status: 429, title: 'Too many requests' },
  overloaded: { status: 503, title: 'Too many requests are waiting' },
  stopping: { status: 503, title: 'The server is stopping' },
  storage_full: { status: 503, title: 'The disk is full' },
  storage_locked: { status: 503, title: 'The database is locked by another program' },
  storage_read_only: { status: 503, title: 'The database cannot be written' },
  storage_missing: { status: 503, title: 'The database file is gone' },
  storage_failed: { status: 503, title: 'The database does not answer' },
  internal: { status: 500, title: 'Something went wrong here' },
} as const satisfies Record<string, { status: number; title: string }>

export type Reason = keyof typeof failures

/** A failure with a place in the table above. Thrown only where no value can be returned. */
export class Failure extends Error {
  readonly reason: Reason
  readonly details: Record<string, unknown>

  constructor(reason: Reason, detail: string, details: Record<string, unknown> = {}) {
    super(detail)
    this.name = 'Failure'
    this.reason = reason
    this.details = details
  }
}

/** Why the server cannot start, in words for the person at the terminal, with a command that helps. */
export class StartFailure extends Error {
  readonly hint: string
  readonly exitCode: number

  constructor(message: string, hint: string, exitCode = 1) {
    super(message)
    this.name = 'StartFailure'
    this.hint = hint
    this.exitCode = exitCode
  }
}
