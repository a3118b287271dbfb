import { expect, test } from 'vitest'
import { lineOf, linesFrom, pushing } from './pushing.ts'

test('each line arrives once, in order, byte for byte as it was written', async () => {
  const { output, loki, told, arrived, settled } = await pushing()
  const hostile = [
    { user: '"values":[["1","x"]]' },
    { user: 'ä€😀 \u2028\u2029\u0085 <script>' },
    { user: 'back\\slash "quote" \t \\n' },
    { reason: 'x'.repeat(300_000) },
    { hostname: 'a.b', meta: { a: 1 }, lokilevel: 'error', __proto__: null },
  ].map((fields, n) => lineOf(n, fields))
  const lines = [...hostile, ...linesFrom(hostile.length, 3000)]
  const spaced = lines[7]?.replace('{"level":"info"', '{ "level" : "info"') as string
  lines[7] = spaced
  for (let from = 0; from < lines.length; from += 7) output.write(lines.slice(from, from + 7).join(''))
  await settled()
  expect(arrived()).toEqual(lines)
  expect(loki.mostAtOnce).toBe(1)
  expect(told).toEqual({ dropped: 0, failures: [], recoveries: 0 })
})

test('the time that Loki is told is the line’s own, in nanoseconds', async () => {
  const { output, loki, settled } = await pushing()
  output.write(
    lineOf(0, { time: '2026-03-02T10:00:00.007Z' }) + lineOf(1, { time: '2031-12-31T23:59:59.999Z' }),
  )
  await settled()
  expect(loki.kept.map(({ time }) => time)).toEqual(['1772445600007000000', '1956527999999000000'])
})

test('the labels are env, event, job, level and service_name, and no other', async () => {
  const { output, loki, settled } = await pushing()
  const tempting = { user: 'u', tool: 't', request_id: 'r', hostname: 'h', pid: 1, app: 'a', filename: 'f' }
  output.write(lineOf(0, { level: 'warn', env: 'prod', event: 'borrow_denied', ...tempting }))
  await settled()
  expect(loki.kept.map(({ labels }) => labels)).toEqual([
    {
      env: 'prod',
      event: 'borrow_denied',
      job: 'license-server',
      level: 'warn',
      service_name: 'license-server',
    },
  ])
})

test('requests are JSON, posted to the push path', async () => {
  const { output, loki, settled } = await pushing()
  output.write(lineOf(0))
  await settled()
  expect(loki.asked).toMatchObject([
    { method: 'POST', path: '/loki/api/v1/push', headers: { 'content-type': 'application/json' } },
  ])
})

test('who is named proves it with every request, and only in the header made for it', async () => {
  const { output, loki, told, settled } = await pushing({ user: '12345', password: 'glc_ä secret' })
  loki.mood = 503
  output.write(lineOf(0))
  await expect.poll(() => told.failures.length, { interval: 5, timeout: 8000 }).toBeGreaterThan(0)
  loki.mood = 204
  await settled()
  expect(loki.asked.length).toBeGreaterThan(1)
  const proof = `Basic ${Buffer.from('12345:glc_ä secret').toString('base64')}`
  for (const { headers, path, body } of loki.asked) {
    expect(headers.authorization).toBe(proof)
    const { authorization: _, ...others } = headers
    expect(JSON.stringify([others, path, body, told])).not.toMatch(/secret|12345/)
  }
})

test('without a user there is no such header', async () => {
  const { output, loki, settled } = await pushing()
  output.write(lineOf(0))
  await settled()
  expect(loki.asked[0]?.headers).not.toHaveProperty('authorization')
})

test('a Loki that is served below a path is asked there', async () => {
  const { output, loki, settled } = await pushing({}, '/tenants/a')
  output.write(lineOf(0))
  await settled()
  expect(loki.asked[0]?.path).toBe('/tenants/a/loki/api/v1/push')
})

test('lines of many turns go in few requests, none far beyond half a megabyte', async () => {
  const { output, loki, settled } = await pushing()
  const lines = linesFrom(0, 6000)
  for (const line of lines) output.write(line)
  await settled()
  const text = lines.join('').length
  expect(loki.asked.length).toBeGreaterThanOrEqual(text / (512 * 1024))
  expect(loki.asked.length).toBeLessThan(10)
  for (const { body } of loki.asked) expect(body.length).toBeLessThan(1.5 * 1024 * 1024)
})

test('close() hands over what waits, holds nothing after it, and ends as soon as that is done', async () => {
  const { output, arrived, told } = await pushing()
  const lines = linesFrom(0, 2500)
  for (const line of lines) output.write(line)
  const begun = performance.now()
  await output.close()
  expect(performance.now() - begun).toBeLessThan(2900)
  expect(arrived()).toEqual(lines)
  expect(output.waitingBytes).toBe(0)
  expect(told.dropped).toBe(0)
})

test('close() of what was never used starts nothing', async () => {
  const { output } = await pushing()
  const begun = performance.now()
  await output.close()
  expect(performance.now() - begun).toBeLessThan(50)
})
