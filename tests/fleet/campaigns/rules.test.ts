/** The rules of campaigns, without a database. */
import { createPublicKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { campaignRequest, releaseRequest } from '../../../src/fleet/campaigns/api.ts'
import {
  type Conditions,
  exclusionOf,
  isInside,
  isPermanent,
  type VehicleFacts,
} from '../../../src/fleet/campaigns/eligibility.ts'
import { manifestOf, signatureOf } from '../../../src/fleet/campaigns/make-release.ts'
import { mayRetry, retriedAfter, retryDelayMs } from '../../../src/fleet/campaigns/retries.ts'
import { settingsShape } from '../../../src/fleet/campaigns/settings.ts'
import {
  finalStates,
  installingStates,
  isAllowed,
  isFinal,
  judgeReport,
  outcomeOf,
  timedStates,
} from '../../../src/fleet/campaigns/transitions.ts'
import { assignWaves, waveSizes } from '../../../src/fleet/campaigns/waves.ts'
import { newId } from '../../../src/shared/id.ts'
import { seededRandom } from '../../../src/shared/random.ts'
import type { Ecu } from '../../../src/vehicle/equipment.ts'
import { isSigned } from '../../../src/vehicle/signing.ts'
import {
  exclusionReasons,
  type UpdateState,
  updateStates,
  vehicleReportedStates,
} from '../../../src/vehicle/update-states.ts'
import { KEY } from './campaign-world.ts'

const settings = settingsShape.parse({})
const noon = Date.parse('2026-03-02T12:00:00.000Z')

describe('transitions', () => {
  const all = fc.constantFrom(...updateStates)

  test('the states are those that wait, those under way, and those that are final', () => {
    const groups = ['SCHEDULED', 'PRECHECK', 'RETRY_WAIT', ...timedStates, ...finalStates]
    expect(groups.toSorted()).toEqual(updateStates.toSorted())
  })

  test('a vehicle leaves a final state only to correct what the server concluded from silence', () => {
    const left = finalStates.flatMap(from =>
      updateStates.filter(to => isAllowed(from, to, 'vehicle')).map(to => `${from} ${to}`),
    )
    expect(left).toEqual([
      'SUCCEEDED ROLLED_BACK',
      'SUCCEEDED FAILED_INCONSISTENT',
      ...['CANCELED', 'TIMED_OUT'].flatMap(from =>
        ['SUCCEEDED', 'ROLLED_BACK', 'FAILED_INCONSISTENT'].toSorted(byOrder).map(to => `${from} ${to}`),
      ),
    ])
  })
  const byOrder = (a: string, b: string) =>
    updateStates.indexOf(a as UpdateState) - updateStates.indexOf(b as UpdateState)

  test('an attempt that the vehicle ended stays ended, whatever comes', () => {
    fc.assert(
      fc.property(
        all,
        fc.constantFrom(...vehicleReportedStates),
        fc.boolean(),
        (state, reported, runsRelease) => {
          const standing = { state, reason: null, attempt: 1, attemptEnded: true, progress: null }
          const report = { state: reported, reason: null, attempt: 1, progress: 50, runsRelease }
          expect(judgeReport(standing, report).kind).toBe('ignored')
        },
      ),
    )
  })

  test('nothing is installed without an offer: the server alone notifies, and only after the checks', () => {
    expect(updateStates.filter(from => isAllowed(from, 'NOTIFIED', 'server'))).toEqual([
      'PRECHECK',
      'RETRY_WAIT',
    ])
    expect(updateStates.filter(from => isAllowed(from, 'NOTIFIED', 'vehicle'))).toEqual([])
  })

  test('a vehicle goes forward only', () => {
    for (const [index, from] of timedStates.entries())
      for (const to of timedStates.slice(0, index)) expect(isAllowed(from, to, 'vehicle')).toBe(false)
  })

  test('what installs cannot be withdrawn', () => {
    for (const from of installingStates)
      for (const to of ['SCHEDULED', 'CANCELED', 'RETRY_WAIT'] as const)
        expect(isAllowed(from, to, 'server')).toBe(false)
  })

  test.each([
    [
      'a status that was lost is jumped over',
      'NOTIFIED',
      'INSTALLING',
      1,
      true,
      { kind: 'move', to: 'INSTALLING', reason: null },
    ],
    ['out of order', 'INSTALLING', 'DOWNLOADING', 1, true, { kind: 'ignored', why: 'out_of_order' }],
    ['another attempt', 'DOWNLOADING', 'INSTALLING', 2, true, { kind: 'ignored', why: 'other_attempt' }],
    ['twice', 'VERIFYING', 'VERIFYING', 1, true, { kind: 'ignored', why: 'duplicate' }],
    ['after the end', 'INELIGIBLE', 'DOWNLOADING', 1, true, { kind: 'ignored', why: 'attempt_ended' }],
    [
      'success without the release',
      'VERIFYING',
      'SUCCEEDED',
      1,
      false,
      { kind: 'ignored', why: 'not_proven' },
    ],
    ['late truth', 'TIMED_OUT', 'ROLLED_BACK', 1, false, { kind: 'move', to: 'ROLLED_BACK', reason: null }],
    [
      'too late to be withdrawn',
      'SCHEDULED',
      'INSTALLING',
      1,
      false,
      { kind: 'move', to: 'INSTALLING', reason: null },
    ],
    [
      'the word of success was lost',
      'INSTALLING',
      'ALREADY_INSTALLED',
      1,
      true,
      { kind: 'move', to: 'SUCCEEDED', reason: null },
    ],
  ] as const)('%s', (_title, state, reported, attempt, runsRelease, expected) => {
    const standing = { state, reason: null, attempt: 1, attemptEnded: false, progress: null }
    expect(
      judgeReport(standing, { state: reported, reason: null, attempt, progress: null, runsRelease }),
    ).toEqual(expected)
  })

  test('blocked is not failed: who only waited too long counts neither way', () => {
    expect(outcomeOf('TIMED_OUT', 'no_answer')).toBe('failed')
    expect(outcomeOf('TIMED_OUT', 'timeout')).toBe('failed')
    expect(outcomeOf('TIMED_OUT', 'not_parked')).toBe('neutral')
    expect(outcomeOf('REJECTED', 'consent_refused')).toBe('neutral')
    for (const state of updateStates) expect(outcomeOf(state, null) === null).toBe(!isFinal(state))
  })
})

describe('eligibility', () => {
  const hardware = (revision: 'A' | 'B'): Ecu[] => [{ ecu: 'gateway', hardware: revision, version: '1.3.0' }]
  const release = manifestOf(
    releaseRequest.parse({ version: '2.1.0', hardware: ['A'], requires_firmware: '1.2.0' }),
    5,
  )
  const fit: VehicleFacts = {
    activeUpdate: null,
    online: true,
    firmware: '1.3.0',
    releaseCounter: 4,
    ecus: hardware('A'),
    batteryPercent: 50,
    lowVoltageVolts: 11.8,
    parked: true,
  }
  const conditions: Conditions = {
    now: noon,
    batteryFloorPercent: 50,
    window: { from_hour: 12, to_hour: 13 },
  }
  /** In the order in which they are judged. */
  const faults: Partial<VehicleFacts>[] = [
    { activeUpdate: 'another' },
    { online: false },
    { releaseCounter: 5 },
    { ecus: hardware('B') },
    { firmware: '1.1.9' },
    { batteryPercent: 49.9 },
    { lowVoltageVolts: 11.79 },
    { parked: false },
  ]

  test('a vehicle at the very limits is eligible', () => {
    expect(exclusionOf(fit, release, conditions)).toBeNull()
  })
  test('each fault has its reason', () => {
    expect(faults.map(fault => exclusionOf({ ...fit, ...fault }, release, conditions))).toEqual(
      exclusionReasons.slice(0, 8),
    )
    expect(exclusionOf(fit, release, { ...conditions, now: noon + 3_600_000 })).toBe('outside_window')
    expect(exclusionOf(fit, release, { ...conditions, refused: true })).toBe('no_consent')
  })
  test('of many faults the first in order is told', () => {
    fc.assert(
      fc.property(fc.subarray([...faults.keys()], { minLength: 1 }), chosen => {
        const vehicle = Object.assign({ ...fit }, ...chosen.map(index => faults[index]))
        expect(exclusionOf(vehicle, release, { ...conditions, refused: true })).toBe(
          exclusionReasons[Math.min(...chosen)],
        )
      }),
    )
  })
  test.each([
    [
      'beyond the release by its counter, whatever the version says',
      { releaseCounter: 6, firmware: '1.0.0' },
      'already_installed',
    ],
    ['the same version but an older counter is not installed', { firmware: '2.1.0' }, null],
    ['in this very update', { activeUpdate: 'mine' }, null],
    ['never told its battery', { batteryPercent: null }, 'battery_low'],
    ['never told its 12 V battery', { lowVoltageVolts: null }, 'low_voltage_battery_low'],
    ['never told whether it is parked', { parked: null }, 'not_parked'],
    ['without an ECU of the release', { ecus: [] }, 'incompatible_hardware'],
  ] as const)('%s', (_title, facts, reason) => {
    const vehicle = { ...fit, ...(facts as Partial<VehicleFacts>) }
    expect(exclusionOf(vehicle, release, { ...conditions, updateId: 'mine' })).toBe(reason)
  })
  test('time does not help against these', () => {
    expect(exclusionReasons.filter(isPermanent)).toEqual([
      'already_installed',
      'incompatible_hardware',
      'dependency_unmet',
      'no_consent',
    ])
  })
  test.each([
    [22, 4, 23, true],
    [22, 4, 3, true],
    [22, 4, 4, false],
    [22, 4, 12, false],
    [8, 10, 8, true],
    [8, 10, 10, false],
    [5, 5, 17, true],
  ])('from %i to %i at %i: %s', (from_hour, to_hour, hour, expected) => {
    expect(isInside({ from_hour, to_hour }, Date.UTC(2026, 2, 2, hour, 59))).toBe(expected)
  })
})

describe('waves', () => {
  const percents = fc
    .array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 10 })
    .map(parts => parts.map(part => (100 * part) / parts.reduce((a, b) => a + b, 0)))

  test('5 / 15 / 80 of a hundred', () => expect(waveSizes(100, [5, 15, 80])).toEqual([5, 15, 80]))
  test('the first wave has a vehicle where there is one', () =>
    expect(waveSizes(3, [5, 15, 80])).toEqual([1, 0, 2]))
  test('every vehicle is in exactly one wave', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), percents, fc.uuid(), (total, parts, id) => {
        const sizes = waveSizes(total, parts)
        expect(sizes.reduce((a, b) => a + b, 0)).toBe(total)
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0)
        if (total > 0) expect(sizes[0]).toBeGreaterThan(0)
        const waves = assignWaves(total, parts, id)
        expect(sizes).toEqual(parts.map((_, index) => waves.filter(wave => wave === index + 1).length))
      }),
    )
  })
  test('by lot, and the same lot for the same campaign', () => {
    const id = newId()
    expect(assignWaves(500, [5, 15, 80], id)).toEqual(assignWaves(500, [5, 15, 80], id))
    expect(assignWaves(500, [5, 15, 80], id)).not.toEqual(assignWaves(500, [5, 15, 80], newId()))
  })
})

describe('retries', () => {
  test('no second try for what is wrong with the release itself', () => {
    for (const reason of ['bad_signature', 'downgrade', 'self_test_failed'] as const)
      expect(retriedAfter(reason)).toBeNull()
  })
  test('three downloads, two installations', () => {
    expect([1, 2, 3].map(failures => mayRetry('download', failures, settings))).toEqual([true, true, false])
    expect([1, 2].map(failures => mayRetry('install', failures, settings))).toEqual([true, false])
  })
  test('the wait doubles up to its cap, and chance spreads it over the whole', () => {
    const most = (failures: number) => retryDelayMs(failures, settings, { next: () => 1 })
    expect([1, 2, 3, 4, 5, 6, 40].map(most)).toEqual(
      [10, 20, 40, 80, 160, 300, 300].map(seconds => seconds * 1000),
    )
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 50 }), (seed, failures) => {
        const delay = retryDelayMs(failures, settings, seededRandom(seed))
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThanOrEqual(most(failures))
      }),
    )
  })
})

describe('releases and requests', () => {
  test('a version is enough: five ECUs, both hardware revisions, 40 to 200 MB, the same each time', () => {
    const request = releaseRequest.parse({ version: '2.1.0' })
    const manifest = manifestOf(request, 9)
    expect(manifest.artifacts).toHaveLength(5)
    for (const { hardware, size_bytes, sha256 } of manifest.artifacts) {
      expect(hardware).toEqual(['A', 'B'])
      expect(size_bytes).toBeGreaterThanOrEqual(40_000_000)
      expect(size_bytes).toBeLessThanOrEqual(200_000_000)
      expect(sha256).toMatch(/^[\da-f]{64}$/)
    }
    expect(manifestOf(request, 9)).toEqual(manifest)
  })
  test('the signature verifies, a tampered one does not', () => {
    const manifest = manifestOf(releaseRequest.parse({ version: '2.1.0' }), 9)
    const publicKey = createPublicKey(KEY)
    expect(isSigned(manifest, signatureOf(manifest, KEY, false), publicKey)).toBe(true)
    expect(isSigned(manifest, signatureOf(manifest, KEY, true), publicKey)).toBe(false)
  })
  test.each([
    [{ waves: [5, 15] }],
    [{ waves: [] }],
    [{ name: ' ' }],
    [{ release_version: 'newest' }],
    [{ target: { models: [] } }],
    [{ target: { colour: 'red' } }],
    [{ window: { from_hour: 22, to_hour: 24 } }],
    [{ timeout_seconds: { SCHEDULED: 5 } }],
    [{ surprise: 1 }],
  ])('%o is no campaign', more => {
    const request = { name: 'spring', release_version: '2.1.0' }
    expect(campaignRequest.safeParse(request).success).toBe(true)
    expect(campaignRequest.safeParse({ ...request, ...more }).success).toBe(false)
  })
})
