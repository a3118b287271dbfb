/** A line is the same in Loki, whichever road it took. */
import { expect, test } from 'vitest'
import { eventNames } from '../../src/observability/event-names.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { type PromtailFile, promtailLabels } from '../stack/shipper-labels.ts'
import { yamlOf } from '../stack/stack-files.ts'
import type { Kept } from '../support/loki-server.ts'
import { pushing } from './pushing.ts'

type Stage = PromtailFile['scrape_configs'][number]['pipeline_stages'][number] & {
  timestamp?: { source: string; format: string }
}

const promtail = yamlOf<PromtailFile>('promtail/promtail.yml')
const stages = (promtail.scrape_configs[0]?.pipeline_stages ?? []) as Stage[]

/** What Promtail makes of a line of the file. */
function shipped(line: string): Kept {
  const fields = JSON.parse(line)
  const { labels } = promtailLabels(promtail)
  const contentOf = (value: string) =>
    value.startsWith('field:') ? fields[value.slice('field:'.length)] : value
  const { source = '' } = stages.find(stage => stage.timestamp)?.timestamp ?? {}
  return {
    labels: Object.fromEntries(
      Object.entries(labels)
        .map(([name, value]) => [name, contentOf(value)])
        .filter(([, value]) => value !== undefined && value !== ''),
    ),
    time: String(BigInt(Date.parse(fields[source])) * 1_000_000n),
    line,
  }
}

test('Promtail’s stages are those that this reading of them knows: none changes the line', () => {
  expect(stages.flatMap(Object.keys)).toEqual(['json', 'timestamp', 'labels', 'labeldrop'])
  const expressions = stages[0]?.json?.expressions ?? {}
  for (const [name, path] of Object.entries(expressions)) expect(path || name).toBe(name)
  expect(stages[1]?.timestamp).toEqual({ source: 'time', format: 'RFC3339Nano' })
})

test('for every event and level, the push and Promtail give a line the same labels, time and text', async () => {
  const { output, loki, settled } = await pushing()
  const lines: string[] = []
  const log = createLogger({
    level: 'debug',
    version: '1.2.3',
    commit: 'abc',
    env: 'prod-eu',
    clock: systemClock,
    to: { write: line => void lines.push(line) },
    counterOf: () => ({ inc() {} }),
  })
  for (const event of eventNames)
    for (const level of ['debug', 'info', 'warn', 'error'] as const)
      log[level](event, `${event} of ${level}`, {
        tool: 'cad_tool',
        user: 'Ä "quoted" \\ 😀',
        request_id: 'r',
        n: 1.5,
      })
  output.write(lines.join(''))
  await settled()
  expect(lines).toHaveLength(4 * eventNames.length)
  expect(loki.kept).toEqual(lines.map(line => shipped(line.slice(0, -1))))
})
