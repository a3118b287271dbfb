import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appToken, devicePassword, publicKeyText, signingKey } from '../../src/vehicle/credentials.ts'
import { compareVersions, type Manifest } from '../../src/vehicle/release.ts'
import { canonicalText, isSigned, publicKeyFrom, signManifest } from '../../src/vehicle/signing.ts'
import { downlinks, mayPublish, maySubscribe, readTopic, topicOf, uplinks } from '../../src/vehicle/topics.ts'
import { checkDigit, maskedVin, vinProblem, yearCode } from '../../src/vehicle/vin.ts'

describe('a VIN', () => {
  test.each([
    // 49 CFR 565.15 and the usual worked examples.
    ['1M8GDM9AXKP042788', 'X'],
    ['11111111111111111', '1'],
    ['5GZCZ43D13S812715', '1'],
  ])('%s has the check digit %s', (vin, digit) => {
    expect(checkDigit(vin)).toBe(digit)
  })

  test('is refused when one character is another', () => {
    const good = '1M8GDM9AXKP042788'
    expect(vinProblem(good, 2019)).toBeNull()
    const letters = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'
    fc.assert(
      fc.property(fc.nat(16), fc.nat(letters.length - 1), (place, letter) => {
        const other = good.slice(0, place) + letters[letter] + good.slice(place + 1)
        // Another letter of the same value changes nothing in the sum; the year letter is checked apart.
        fc.pre(other !== good && checkDigit(other) !== other[8])
        expect(vinProblem(other, 2019)).not.toBeNull()
      }),
    )
  })

  test.each([
    ['1M8GDM9AXKP04278', 2019, /17/],
    ['1M8GDM9AXKP04278O', 2019, /I, O and Q/],
    ['1m8gdm9axkp042788', 2019, /capital/],
    ['1M8GDM9A1KP042788', 2019, /check digit/],
    ['1M8GDM9AXKP042788', 2020, /model-year/],
    ['', 2019, /17/],
  ])('%s of %i is refused', (vin, year, why) => {
    expect(vinProblem(vin, year)).toMatch(why)
  })

  test('has a year code for 30 years, all different, none of I, O, Q, U, Z and 0', () => {
    const codes = Array.from({ length: 30 }, (_, index) => yearCode(2010 + index))
    expect(new Set(codes).size).toBe(30)
    expect(codes.join('')).not.toMatch(/[IOQUZ0]/)
    expect(() => yearCode(2009)).toThrow(RangeError)
    expect(() => yearCode(2040)).toThrow(RangeError)
  })

  test('is seen by its last six characters', () => {
    expect(maskedVin('1M8GDM9AXKP042788')).toBe('•••••••••••042788')
  })
})

describe('a topic', () => {
  test('leads back to its vehicle and kind', () => {
    for (const kind of [...uplinks, ...downlinks])
      expect(readTopic(topicOf('vehicle_00001', kind))).toEqual({ vehicle: 'vehicle_00001', kind })
  })

  test.each([
    '',
    'fleet',
    'fleet/a',
    'fleet//telemetry',
    'fleet/A B/telemetry',
    'fleet/a/other',
    'x/a/state',
  ])('%j is none of ours', topic => {
    expect(readTopic(topic)).toBeNull()
  })

  test('may be written by its own vehicle, upwards only, and heard downwards only', () => {
    for (const kind of uplinks) {
      expect(mayPublish('a', topicOf('a', kind))).toBe(true)
      expect(mayPublish('b', topicOf('a', kind))).toBe(false)
      expect(maySubscribe('a', topicOf('a', kind))).toBe(false)
    }
    for (const kind of downlinks) {
      expect(mayPublish('a', topicOf('a', kind))).toBe(false)
      expect(maySubscribe('a', topicOf('a', kind))).toBe(true)
      expect(maySubscribe('b', topicOf('a', kind))).toBe(false)
    }
    for (const filter of ['#', 'fleet/#', 'fleet/+/command', 'fleet/a/#', '$SYS/#'])
      expect(maySubscribe('a', filter)).toBe(false)
  })
})

describe('a release', () => {
  const manifest: Manifest = {
    version: '2.1.0',
    release_counter: 7,
    artifacts: [
      { ecu: 'gateway', hardware: ['A'], version: '2.1.0', size_bytes: 1000, sha256: 'ab'.repeat(32) },
    ],
    requires_firmware: null,
  }
  const key = signingKey('the key of this test')
  const publicKey = publicKeyFrom(publicKeyText(key))

  test('is signed by the key that comes from the secret, always the same', () => {
    const signature = signManifest(manifest, key)
    expect(isSigned(manifest, signature, publicKey)).toBe(true)
    expect(signManifest(manifest, signingKey('the key of this test'))).toBe(signature)
  })

  test.each<[string, Manifest]>([
    ['its version', { ...manifest, version: '2.1.1' }],
    ['its counter', { ...manifest, release_counter: 8 }],
    ['an artifact', { ...manifest, artifacts: [] }],
  ])('does not verify when %s was changed', (_what, changed) => {
    expect(isSigned(changed, signManifest(manifest, key), publicKey)).toBe(false)
  })

  test('of another key, or with a broken signature, does not verify and does not throw', () => {
    expect(isSigned(manifest, signManifest(manifest, signingKey('another')), publicKey)).toBe(false)
    for (const broken of ['', 'x', '!!!!', 'a'.repeat(1000)])
      expect(isSigned(manifest, broken, publicKey)).toBe(false)
  })

  test('has one text, whatever the order of its fields', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), value => {
        const turned = Object.fromEntries(Object.entries(value).reverse())
        expect(canonicalText(turned)).toBe(canonicalText(value))
      }),
    )
  })

  test('is newer by number, not by letter', () => {
    expect(compareVersions('1.10.0', '1.9.0')).toBeGreaterThan(0)
    expect(compareVersions('2.0.0', '2.0.0')).toBe(0)
    expect(compareVersions('1.2.1', '1.3.0')).toBeLessThan(0)
  })
})

test('each vehicle has its own password and its own app token, and neither shows the key', () => {
  const all = ['a', 'b'].flatMap(vehicle => [devicePassword('k', vehicle), appToken('k', vehicle)])
  expect(new Set(all).size).toBe(4)
  expect(devicePassword('k', 'a')).not.toBe(devicePassword('l', 'a'))
})
