/** One function for each thing that happens to a race: its log line. */
import type { Log } from '../observability/logger.ts'
import type { RaceShape } from './api.ts'

export function createRaceEvents(log: Log) {
  const fields = ({ id, factor, seed, release, state }: RaceShape) => ({
    race: id,
    factor,
    seed,
    state,
    release_version: release.version,
    release_commit: release.commit,
  })
  return {
    started: (race: RaceShape) =>
      log.info('race_started', 'the same incident on two paths begins', fields(race)),
    finished(race: RaceShape) {
      const times = Object.fromEntries(
        race.table.flatMap(({ measure, cloud, vehicle }) => [
          [`${measure}_cloud`, cloud],
          [`${measure}_vehicle`, vehicle],
        ]),
      )
      log.info('race_finished', 'the race is over', { ...fields(race), ...times })
    },
    failed: (race: RaceShape, error: unknown) =>
      log.error('race_failed', 'a lane of the race broke', { ...fields(race), error: String(error) }),
  }
}
export type RaceEvents = ReturnType<typeof createRaceEvents>
