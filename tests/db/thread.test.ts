import { expect, onTestFinished, test } from 'vitest'
import { startThread } from '../../src/db/thread.ts'

const url = new URL('../support/thread-under-test.mjs', import.meta.url)

function aThread(data: { openFails?: string } = {}) {
  const thread = startThread<string, string>(url, data)
  onTestFinished(() => thread.close())
  return thread
}

test('a call is answered with what the thread made of it', async () => {
  const thread = aThread()
  expect(await thread.call('one')).toBe('one, done')
  expect(await thread.call('two')).toBe('two, done')
})

test('the store’s troubles cross the thread as failures, ours as errors, and the thread lives on', async () => {
  const thread = aThread()
  await expect(thread.call('throw SQLITE_FULL')).rejects.toMatchObject({ reason: 'storage_full' })
  await expect(thread.call('throw SQLITE_BUSY_SNAPSHOT')).rejects.toMatchObject({ reason: 'storage_locked' })
  await expect(thread.call('throw STORAGE_MISSING')).rejects.toMatchObject({ reason: 'storage_missing' })
  await expect(thread.call('throw SQLITE_READONLY')).rejects.toMatchObject({ reason: 'storage_read_only' })
  await expect(thread.call('throw SQLITE_IOERR_WRITE')).rejects.toMatchObject({ reason: 'storage_failed' })
  const fault = await thread.call('throw SQLITE_CONSTRAINT').catch(error => error)
  expect(fault).toMatchObject({ message: 'broken: SQLITE_CONSTRAINT' })
  expect(fault).not.toHaveProperty('reason')
  expect(await thread.call('again')).toBe('again, done')
})

test('a thread that dies fails the call under way and is started anew by the next one', async () => {
  const thread = aThread()
  await thread.call('warm up')
  await expect(thread.call('die')).rejects.toMatchObject({ reason: 'storage_failed' })
  expect(await thread.call('again')).toBe('again, done')
  await expect(thread.call('die')).rejects.toMatchObject({ reason: 'storage_failed' })
  expect(await thread.call('and again')).toBe('and again, done')
})

test('a thread that crashes on its own fails at most the call under way and is started anew', async () => {
  const thread = aThread()
  expect(await thread.call('crash soon')).toBe('crash soon, done')
  const outcomes: string[] = []
  while (outcomes.length < 5 || (outcomes.length < 5000 && !outcomes.includes('crashed')))
    outcomes.push(await thread.call('next').catch(error => error.message))
  expect(outcomes.filter(outcome => outcome !== 'next, done').length).toBeLessThanOrEqual(1)
  expect(await thread.call('again')).toBe('again, done')
})

test('a thread that was closed, also before its first call, stays closed without harm', async () => {
  const thread = startThread<string, string>(url, {})
  await thread.close()
  const used = startThread<string, string>(url, {})
  await used.call('one')
  await used.close()
  await used.close()
})

test('a thread that cannot open its store fails the call, not the program', async () => {
  const thread = aThread({ openFails: 'SQLITE_SOMETHING' })
  await expect(thread.call('one')).rejects.toThrow('broken: SQLITE_SOMETHING')
  await expect(thread.call('two')).rejects.toThrow('broken: SQLITE_SOMETHING')
})

test('a thread that cannot open its store because of the store says so as a failure', async () => {
  const thread = aThread({ openFails: 'SQLITE_BUSY' })
  await expect(thread.call('one')).rejects.toMatchObject({ reason: 'storage_locked' })
})
