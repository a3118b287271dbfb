import fc from 'fast-check'
import { expect, test } from 'vitest'
import { standing } from '../../../src/estate/analytics/k-of-n.ts'

const read = (text: string) => [...text].map(letter => letter === 'x')

test.each([
  ['', false, false, null],
  ['.....', false, false, null],
  ['....x', false, false, null],
  ['...xx', false, false, null],
  ['..xxx', false, true, 2],
  ['x.x.x', false, true, 0],
  ['xx..x', false, true, 0],
  ['xxx..', false, true, 0],
  ['.xxx...', false, false, null],
  ['xxx', false, true, 0],
  ['xxx....', true, true, 0],
  ['xxx.....', true, false, null],
  ['x.......xxx', false, true, 8],
  ['x....xxx', false, true, 0],
  ['...', true, true, null],
  ['', true, true, null],
])('samples "%s", open before: %s: open %s, since %s', (text, wasOpen, isOpen, since) => {
  expect(standing(read(text), wasOpen)).toEqual({ isOpen, since })
})

test('one sample out of order in five never opens, whatever the order', () => {
  fc.assert(
    fc.property(fc.nat(30), fc.integer({ min: 4, max: 9 }), (length, every) => {
      const out = Array.from({ length }, (_, i) => i % every === 0)
      expect(standing(out, false).isOpen).toBe(false)
    }),
  )
})

test('a series at the edge opens once and ends once: samples in and out of order by turns do not make it flap', () => {
  let isOpen = false
  let changes = 0
  const out: boolean[] = []
  for (let i = 0; i < 200; i++) {
    out.push(i % 2 === 0 && i < 100)
    const now: boolean = standing(out.slice(-24), isOpen).isOpen
    if (now !== isOpen) changes++
    isOpen = now
  }
  expect(changes).toBe(2)
})
