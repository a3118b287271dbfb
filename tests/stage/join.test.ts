import { expect, test } from 'vitest'
import { createJoin, wifiText } from '../../src/stage/audience/join.ts'

const join = (more: object = {}) =>
  createJoin({ host: '127.0.0.1', port: () => 8000, publicUrl: null, wifi: null, ...more })

test.each([
  [{ publicUrl: 'https://stage.example/' }, { url: 'https://stage.example', local_only: false }],
  [{ host: '127.0.0.1' }, { url: 'http://127.0.0.1:8000', local_only: true }],
  [{ host: 'localhost' }, { url: 'http://localhost:8000', local_only: true }],
  [{ host: '::1' }, { url: 'http://[::1]:8000', local_only: true }],
  [{ host: '192.168.7.7' }, { url: 'http://192.168.7.7:8000', local_only: false }],
])('%j is told as %j', (options, told) => {
  expect(join(options).reply()).toEqual({ ...told, wifi: null })
})

test('the code is an SVG without scripts, and without a network there is no second one', async () => {
  const { code, wifiCode } = join()
  expect(await code()).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  expect(await code()).not.toContain('<script')
  expect(await wifiCode()).toBeNull()
})

test('the network’s name is told, its password only in the code', async () => {
  const wifi = { ssid: 'stage', password: 'open sesame' }
  expect(JSON.stringify(join({ wifi }).reply())).not.toContain('sesame')
  expect(await join({ wifi }).wifiCode()).toMatch(/^<svg/)
})

test.each([
  [{ ssid: 'stage', password: null }, 'WIFI:T:nopass;S:stage;;'],
  [{ ssid: 'stage', password: 'open sesame' }, 'WIFI:T:WPA;S:stage;P:open sesame;;'],
  [{ ssid: 'a;b:c', password: 'x\\y"z,1234' }, 'WIFI:T:WPA;S:a\\;b\\:c;P:x\\\\y\\"z\\,1234;;'],
])('%j is written as phones read it', (wifi, text) => {
  expect(wifiText(wifi)).toBe(text)
})
