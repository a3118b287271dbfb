import fc from 'fast-check'
import { test } from 'vitest'
import { MINUTE_MS } from '../../src/shared/clock.ts'
import { aChange, aPool } from './factories.ts'
import type { ModelCommand } from './ledger-model.ts'
import { type Step, sideBySide } from './side-by-side.ts'

const HOUR = 3600_000
const pools = [
  aPool({ tool: 'cad', total: 5, commit: 2, maxOverage: 2, spendCapCents: 500_00, leaseTtlSeconds: 600 }),
  aPool({ tool: 'sim', total: 2, commit: 1, maxOverage: 3, overagePriceCents: 0 }),
]

const tool = fc.constantFrom('cad', 'cad', 'cad', 'sim', 'nope')
const user = fc.constantFrom('alice', 'bob')
const command: fc.Arbitrary<ModelCommand> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('borrow' as const),
      tool,
      user,
      key: fc.option(fc.nat(9).map(String), { freq: 2 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('return' as const, 'return' as const, 'renew' as const, 'revoke' as const),
      borrow: fc.nat(8),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        settings: fc.record(
          {
            tool,
            total: fc.nat(6),
            commit: fc.nat(4),
            maxOverage: fc.nat(3),
            overagePriceCents: fc.constantFrom(0, 1, 150_00),
            leaseTtlSeconds: fc.constantFrom(0, 60, 600),
            spendCapCents: fc.constantFrom(null, 0, 300_00),
          },
          { requiredKeys: ['tool', 'total', 'commit', 'maxOverage'] },
        ),
        ifMatch: fc.constantFrom(null, null, '"cad-1"', '"budget-1"', '"budget-2"'),
      })
      .map(({ settings, ifMatch }) => ({ ...aChange(settings), ifMatch })),
  },
)

const submit = (commands: fc.Arbitrary<ModelCommand>, minLength: number, maxLength: number) =>
  fc.array(commands, { minLength, maxLength }).map((together): Step => ({ do: 'submit', together }))

const passing = fc.oneof(
  fc.constantFrom(0, 1, MINUTE_MS, 600_000, 25 * HOUR, 31 * 24 * HOUR),
  fc.nat(10 * MINUTE_MS),
)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: submit(command, 1, 1) },
  { weight: 4, arbitrary: submit(command, 2, 12) },
  { weight: 1, arbitrary: submit(fc.constant({ kind: 'sweep' }), 1, 1) },
  { weight: 3, arbitrary: passing.map((ms): Step => ({ do: 'pass', ms })) },
  { weight: 1, arbitrary: fc.nat(HOUR).map((ms): Step => ({ do: 'set the wall clock back', ms })) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'restart' }) },
)

test('the ledger does what its model does, alone and in groups, over time, clock steps and restarts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), async steps => {
      const both = sideBySide(pools)
      try {
        for (const next of steps) await both.run(next)
        await both.checkHistory()
      } finally {
        await both.close()
      }
    }),
    { numRuns: 60 },
  )
}, 120_000)
