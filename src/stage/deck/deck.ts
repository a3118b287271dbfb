/** Where the deck stands, who has its remote, and the command under way. Nothing here does I/O. */
import { type Clock, rfc3339 } from '../../shared/clock.ts'
import { Failure } from '../../shared/errors.ts'
import type { CommandRequest, DeckShape, PositionRequest } from '../api.ts'

export interface Deck {
  shape(): DeckShape
  /** @throws Failure `deck_elsewhere` */
  moved(position: PositionRequest): void
  /** @param who a browser @throws Failure `not_driver`, `no_deck` or `stale_command` */
  command(who: string, command: CommandRequest): void
  drive(who: string): void
  /** Gives the remote back, if it is theirs. */
  leave(who: string): void
  isDriver(who: string): boolean
  startClock(): void
  reset(): void
}

/** A window that has said nothing for so long is gone: a deck on a screen says where it stands every few seconds. */
const GONE_AFTER_MS = 20_000
/** A command that did not move the deck by then, at its last slide for one, no longer stands in the way. */
const OBEYS_WITHIN_MS = 1000
/** A name that people can tell apart, and no secret. */
export const handleOf = (who: string): string => `presenter-${who.slice(0, 4)}`

interface Parts {
  clock: Clock
  /** When the talk's clock was started, as it was kept; Unix ms. */
  startedAt: number | null
  keepStart: (at: number | null) => void
}

export function createDeck({ clock, startedAt: kept, keepStart }: Parts): Deck {
  // Numbers begin with the time, so that none of an earlier run of the server comes again.
  let seq = clock.now()
  let revision = clock.now()
  let position: (Omit<PositionRequest, 'claim'> & { since: number; at: number }) | null = null
  let command: DeckShape['command'] = null
  let commandedAt = Number.NEGATIVE_INFINITY
  let driver: { who: string; since: number } | null = null
  let startedAt = kept

  /** The window that shows the deck; one that fell silent shows it no more. */
  function showing() {
    if (position && clock.now() - position.at > GONE_AFTER_MS) position = null
    return position
  }

  const isDriver = (who: string) => driver?.who === who

  function reset() {
    command = { seq: ++seq, action: 'go', to: null, meant_for: revision }
    driver = null
    startedAt = null
    keepStart(null)
  }

  return {
    shape() {
      const now = showing()
      return {
        position: now && {
          deck: now.deck,
          slide: now.slide,
          index: now.index,
          slides: now.slides,
          fragments_left: now.fragments_left,
          since: rfc3339(now.since),
          at: rfc3339(now.at),
          revision,
        },
        command,
        driver: driver && { handle: handleOf(driver.who), since: rfc3339(driver.since) },
        started_at: startedAt === null ? null : rfc3339(startedAt),
      }
    },
    moved({ claim, ...next }) {
      const now = showing()
      if (now && now.deck !== next.deck && !claim)
        throw new Failure('deck_elsewhere', 'Another window shows the deck; claim it to take over.')
      const isSame =
        now?.deck === next.deck && now.slide === next.slide && now.fragments_left === next.fragments_left
      if (!isSame) revision++
      const at = clock.now()
      position = { ...next, since: now?.slide === next.slide ? now.since : at, at }
    },
    command(who, { action, to, meant_for: meantFor }) {
      if (driver && !isDriver(who))
        throw new Failure('not_driver', `${handleOf(driver.who)} has the remote; take it over first.`)
      if (!showing())
        throw new Failure('no_deck', 'Open /presentation on the screen, signed in as presenter.')
      // A second tap before the deck has told where it is now was meant for the slide that was there before.
      const isUnderWay = command?.meant_for === revision && clock.monotonic() - commandedAt < OBEYS_WITHIN_MS
      if (meantFor !== revision || isUnderWay)
        throw new Failure('stale_command', 'The deck has moved on since this was asked for.')
      driver ??= { who, since: clock.now() }
      command = { seq: ++seq, action, to: to ?? null, meant_for: meantFor }
      commandedAt = clock.monotonic()
    },
    drive(who) {
      driver = { who, since: clock.now() }
    },
    leave(who) {
      if (isDriver(who)) driver = null
    },
    isDriver,
    startClock() {
      startedAt = clock.now()
      keepStart(startedAt)
    },
    reset,
  }
}
