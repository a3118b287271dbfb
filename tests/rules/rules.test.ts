import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { parser as logql } from '@grafana/lezer-logql'
import { parser as promql } from '@prometheus-io/lezer-promql'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { eventNames } from '../../src/observability/event-names.ts'
import { estateRecordedNames } from '../../src/rules/estate-recorded.ts'
import { fleetRecordedNames } from '../../src/rules/fleet-recorded.ts'
import { allAlerts, ruleFiles } from '../../src/rules/index.ts'
import { metrics } from '../../src/telemetry.ts'
import { isOnPath } from '../support/on-path.ts'

const root = new URL('../..', import.meta.url).pathname
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const hasPromtool = isOnPath('promtool')

test.each(Object.entries(ruleFiles()))('%s is what the code makes', (path, text) => {
  expect(read(path)).toBe(text)
})

test('no rule file is left that the code does not make', () => {
  const files = readdirSync(`${root}prometheus/rules`).map(name => `prometheus/rules/${name}`)
  expect(files.sort()).toEqual(Object.keys(ruleFiles()).sort())
})

test.skipIf(!hasPromtool)('promtool finds nothing wrong in the rules', () => {
  const said = execFileSync('promtool', ['check', 'rules', ...Object.keys(ruleFiles())], { cwd: root })
  expect(said.toString()).not.toMatch(/FAILED/)
})

const timelines = readdirSync(`${root}prometheus/tests`).map(name => `prometheus/tests/${name}`)
test.skipIf(!hasPromtool).each(timelines)('the timelines of %s come true', path => {
  expect(execFileSync('promtool', ['test', 'rules', path], { cwd: root }).toString()).toContain('SUCCESS')
})

test('every alert is played through in a timeline, by its name', () => {
  const text = timelines.map(read).join('')
  const alerts = [...new Set(allAlerts().map(({ alert }) => alert))]
  expect(alerts.filter(alert => !text.includes(alert))).toEqual([])
})

const runbook = read('docs/runbook.md')
const sections = Array.from(runbook.matchAll(/^## (.+)$/gm), ([, title]) => title)

test('every alert has its section in the runbook, links to it, and every section has its alert', () => {
  for (const { alert, annotations } of allAlerts())
    expect(annotations.runbook_url).toBe(`http://localhost:8000/runbook#${alert}`)
  const alerts = new Set(allAlerts().map(({ alert }) => alert))
  expect(sections.filter(title => title !== 'Reading the dashboards')).toEqual(
    expect.arrayContaining([...alerts]),
  )
  expect(sections).toHaveLength(alerts.size + 1)
})

const errorsIn = (language: typeof promql | typeof logql, text: string) => {
  let errors = 0
  language.parse(text).iterate({ enter: ({ type }) => void (type.isError && errors++) })
  return errors
}
const blocks = (language: string) =>
  Array.from(runbook.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g')), ([, text = '']) =>
    text.trim(),
  )

test.each([
  ...blocks('promql').map(text => [promql, text] as const),
  ...blocks('logql').map(text => [logql, text] as const),
  ...allAlerts().map(({ annotations }) => [logql, annotations.logql] as const),
])('a query of the runbook parses: %#', (language, text) => {
  expect([text, errorsIn(language, text)]).toEqual([text, 0])
})

test('the lines that alerts and the runbook ask for are of events that exist', () => {
  const asked = [...blocks('logql'), ...allAlerts().map(({ annotations }) => annotations.logql)]
    .flatMap(query =>
      Array.from(query.matchAll(/\bevent=~?"(.*?)"/g), ([, events = '']) => events.split('|')),
    )
    .flat()
  expect(asked.length).toBeGreaterThan(20)
  expect(asked.filter(event => !eventNames.some(name => name === event))).toEqual([])
})

test('the runbook asks for series that exist', () => {
  const exist = new Set([
    'up',
    ...fleetRecordedNames,
    ...estateRecordedNames,
    ...Object.keys(metrics).flatMap(name => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]),
  ])
  const asked = blocks('promql').flatMap(query => {
    const names: string[] = []
    promql.parse(query).iterate({
      enter: ({ name, from, to }) => void (name === 'Identifier' && names.push(query.slice(from, to))),
    })
    return names
  })
  expect(asked.length).toBeGreaterThan(20)
  expect(asked.filter(name => !exist.has(name))).toEqual([])
})

test('the same alert is told apart by its labels', () => {
  const keys = allAlerts().map(({ alert, labels }) => JSON.stringify([alert, labels]))
  expect(new Set(keys).size).toBe(keys.length)
  for (const { labels } of allAlerts()) expect(['page', 'ticket', 'warning']).toContain(labels.severity)
})

test('the rules are plain YAML without anchors', () => {
  for (const text of Object.values(ruleFiles())) {
    expect(text).not.toMatch(/[&*]a\d/)
    expect(parse(text).groups.length).toBeGreaterThan(0)
  }
})
