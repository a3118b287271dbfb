import { afterEach, expect, test, vi } from 'vitest'
import { fakePage, webModule } from '../fake-page.ts'

interface Place {
  deck: string
  slide: string
  fragments_left: number
}
const { noteWhenLeft, placeLeft } = await webModule<{
  noteWhenLeft(placeNow: () => Place | null): void
  placeLeft(known: { position: Place | null; started_at: string | null }, me: string): Place | null
}>('deck/place')

const closed = { deck: 'closed', slide: 'stack', fragments_left: 0 }
const known = { deck: 'closed', slide: 'speed', fragments_left: 1 }
const talk = '2026-03-01T10:00:00.000Z'

afterEach(() => void vi.unstubAllGlobals())

/** A browser that remembers. */
function browser() {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  })
  return fakePage()
}

test.each([
  ['that the server still takes to be open goes on where the server knows it', closed, known, null, known],
  ['goes on where it was left while the talk’s clock runs', closed, null, talk, closed],
  ['begins anew when no talk is under way', closed, null, null, null],
  ['yields to another window', closed, { ...known, deck: 'other' }, talk, null],
  ['without the remote leaves no place', null, null, talk, null],
  ['that is loaded again is itself', null, { ...known, deck: 'me' }, null, { ...known, deck: 'me' }],
])('a deck %s', (_case, left, position, startedAt, place) => {
  const page = browser()
  noteWhenLeft(() => left)
  page.fire('pagehide')
  expect(placeLeft({ position, started_at: startedAt }, 'me')).toEqual(place)
})

test('a place is gone on from once, and not while its window is back from the browser’s cache', () => {
  const page = browser()
  const after = () => placeLeft({ position: null, started_at: talk }, 'me')
  noteWhenLeft(() => closed)
  page.fire('pagehide')
  expect(after()).toEqual(closed)
  expect(after()).toBeNull()
  page.fire('pagehide')
  page.fire('pageshow', { persisted: true })
  expect(after()).toBeNull()
})
