import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDeck, handleOf } from '../../src/stage/deck/deck.ts'
import { fakeClock } from '../support/fake-clock.ts'

const place = (slide: string, more: object = {}) => ({
  deck: 'window-1',
  slide,
  index: 0,
  slides: 15,
  fragments_left: 0,
  claim: false,
  ...more,
})

function deckOf(startedAt: number | null = null) {
  const clock = fakeClock()
  const kept: (number | null)[] = []
  const deck = createDeck({ clock, startedAt, keepStart: at => void kept.push(at) })
  const revision = () => deck.shape().position?.revision ?? -1
  return { clock, deck, kept, revision }
}

describe('where the deck stands', () => {
  test('nothing is shown before a window tells, and after it fell silent for twenty seconds', () => {
    const { deck, clock } = deckOf()
    expect(deck.shape().position).toBeNull()
    deck.moved(place('title'))
    expect(deck.shape().position).toMatchObject({ slide: 'title', deck: 'window-1' })
    clock.advance(20_000)
    expect(deck.shape().position).not.toBeNull()
    clock.advance(1)
    expect(deck.shape().position).toBeNull()
  })

  test('telling the same place again changes no revision, another place does', () => {
    const { deck, revision } = deckOf()
    deck.moved(place('title'))
    const first = revision()
    deck.moved(place('title'))
    expect(revision()).toBe(first)
    deck.moved(place('challenge'))
    expect(revision()).toBe(first + 1)
    deck.moved(place('challenge', { fragments_left: 2 }))
    expect(revision()).toBe(first + 2)
  })

  test('since when a slide is shown does not change with its fragments, or when it is told again', () => {
    const { deck, clock } = deckOf()
    deck.moved(place('race', { fragments_left: 2 }))
    const since = deck.shape().position?.since
    clock.advance(5000)
    deck.moved(place('race', { fragments_left: 1 }))
    clock.advance(5000)
    deck.moved(place('race', { fragments_left: 1 }))
    expect(deck.shape().position?.since).toBe(since)
    deck.moved(place('ownership'))
    expect(deck.shape().position?.since).not.toBe(since)
  })

  test('a second window is refused, unless it claims the deck or the first one is gone', () => {
    const { deck, clock } = deckOf()
    deck.moved(place('title'))
    expect(() => deck.moved(place('title', { deck: 'window-2' }))).toThrow(/Another window/)
    deck.moved(place('race', { deck: 'window-2', claim: true }))
    expect(deck.shape().position).toMatchObject({ deck: 'window-2', slide: 'race' })
    expect(() => deck.moved(place('title'))).toThrow(/Another window/)
    clock.advance(30_000)
    deck.moved(place('title'))
    expect(deck.shape().position?.deck).toBe('window-1')
  })
})

describe('the remote', () => {
  test('the first who turns the deck has it; another must take it over', () => {
    const { deck, clock, revision } = deckOf()
    deck.moved(place('title'))
    deck.command('aaaaaa', { action: 'next', meant_for: revision() })
    expect(deck.shape().driver?.handle).toBe(handleOf('aaaaaa'))
    clock.advance(2000)
    expect(() => deck.command('bbbbbb', { action: 'next', meant_for: revision() })).toThrow(/has the remote/)
    deck.drive('bbbbbb')
    deck.command('bbbbbb', { action: 'next', meant_for: revision() })
    expect(deck.isDriver('aaaaaa')).toBe(false)
    deck.leave('aaaaaa')
    expect(deck.isDriver('bbbbbb')).toBe(true)
    deck.leave('bbbbbb')
    expect(deck.shape().driver).toBeNull()
  })

  test('a command for a slide that is no longer shown is refused', () => {
    const { deck, revision } = deckOf()
    deck.moved(place('title'))
    const seen = revision()
    deck.moved(place('challenge'))
    expect(() => deck.command('a', { action: 'next', meant_for: seen })).toThrow(/moved on/)
  })

  test('a double tap turns one slide; at the last slide the way back stays open', () => {
    const { deck, clock, revision } = deckOf()
    deck.moved(place('thanks'))
    deck.command('a', { action: 'next', meant_for: revision() })
    clock.advance(300)
    expect(() => deck.command('a', { action: 'next', meant_for: revision() })).toThrow(/moved on/)
    clock.advance(1000)
    deck.command('a', { action: 'previous', meant_for: revision() })
    expect(deck.shape().command?.action).toBe('previous')
  })

  test('without a deck on a screen it says so', () => {
    const { deck } = deckOf()
    expect(() => deck.command('a', { action: 'next', meant_for: 0 })).toThrow(/Open \/presentation/)
  })

  test('numbers of commands grow, also over a restart of the server', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('next', 'previous', 'pause'), { maxLength: 20 }), actions => {
        const { deck, clock, revision } = deckOf()
        deck.moved(place('title'))
        let last = 0
        for (const action of actions) {
          clock.advance(1001)
          deck.moved(place('title'))
          deck.command('a', { action, meant_for: revision() } as never)
          const seq = deck.shape().command?.seq ?? 0
          expect(seq).toBeGreaterThan(last)
          last = seq
        }
        const later = createDeck({ clock, startedAt: null, keepStart: () => {} })
        later.moved(place('title'))
        clock.advance(2000)
        later.command('a', { action: 'next', meant_for: later.shape().position?.revision ?? 0 })
        expect(later.shape().command?.seq).toBeGreaterThan(last)
      }),
    )
  })
})

test('the talk’s clock is kept over a restart, and a reset stops it and turns the deck to its start', () => {
  const { deck, clock, kept } = deckOf(1000)
  expect(deck.shape().started_at).toBe('1970-01-01T00:00:01.000Z')
  deck.startClock()
  expect(kept).toEqual([clock.now()])
  deck.drive('a')
  deck.reset()
  expect(kept.at(-1)).toBeNull()
  expect(deck.shape()).toMatchObject({ started_at: null, driver: null, command: { action: 'go', to: null } })
})
