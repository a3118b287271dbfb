import { expect, test, vi } from 'vitest'
import { fakePage, webModule } from './fake-page.ts'

interface ServerClock {
  noteServerTime(at: string): void
  serverNow(): number
}

const { noteServerTime, serverNow } = await webModule<ServerClock>('server-clock')
const header = (at: number) => new Date(at).toUTCString()

test('the time of the server is known to within two seconds, however wrong this device is', () => {
  fakePage()
  for (const wrongMs of [0, 700, -3600_000, 86_400_000, 5000, -5000]) {
    const server = Date.parse('2026-03-02T10:00:00.900Z')
    vi.setSystemTime(server + wrongMs)
    noteServerTime(header(server))
    expect(Math.abs(serverNow() - server)).toBeLessThanOrEqual(2000)
  }
})

test('answers in the same second do not make a countdown jump', () => {
  fakePage()
  vi.setSystemTime('2026-03-02T10:00:00.000Z')
  noteServerTime(header(Date.now()))
  const offset = serverNow() - Date.now()
  for (let step = 0; step < 20; step++) {
    vi.setSystemTime(Date.now() + 333)
    noteServerTime(header(Date.now()))
    expect(serverNow() - Date.now()).toBe(offset)
  }
})

test('an answer without a time changes nothing', () => {
  fakePage()
  const before = serverNow() - Date.now()
  noteServerTime('')
  noteServerTime('tomorrow')
  expect(serverNow() - Date.now()).toBe(before)
})
