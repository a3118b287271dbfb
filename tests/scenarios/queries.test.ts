import { readFileSync } from 'node:fs'
import { parser as logql } from '@grafana/lezer-logql'
import { parser as promql } from '@prometheus-io/lezer-promql'
import { describe, expect, test } from 'vitest'
import { dashboards } from '../../src/dashboards/index.ts'
import { eventNames } from '../../src/observability/event-names.ts'
import { scenarioNames, scenariosReply } from '../../src/scenarios/api.ts'
import { scenarios } from '../../src/scenarios/data/index.ts'
import { scenarioShapeOf } from '../../src/scenarios/scenario.ts'
import { logqlAnswer } from './logql-answer.ts'

const all = Object.values(scenarios)
const errorsIn = (parser: typeof promql, query: string) => {
  const errors: number[] = []
  parser.parse(query).iterate({ enter: ({ type, from }) => void (type.isError && errors.push(from)) })
  return errors
}

test('every scenario of the API is there, under its own name, as the API tells it', () => {
  expect(Object.keys(scenarios)).toEqual([...scenarioNames])
  for (const [name, scenario] of Object.entries(scenarios)) expect(scenario.name).toBe(name)
  const told = {
    scenarios: all.map(scenario => scenarioShapeOf(scenario, 'http://grafana.example:13000')),
    running: null,
  }
  expect(scenariosReply.parse(told)).toEqual(told)
  expect(told.scenarios.map(({ faults }) => faults)).toEqual([
    ['errors', 'noisy_logs'],
    ['latency'],
    ['seat_leak'],
    ['errors'],
    ['browser_script'],
    [],
  ])
})

describe.each(all)('$name', scenario => {
  test.each(scenario.promql)('PromQL “$title” parses', ({ query }) => {
    expect(errorsIn(promql, query)).toEqual([])
    expect(query).toContain('job="license-server"')
  })

  test.each(scenario.logql)('LogQL “$title” parses, and looks for events that exist', ({ query }) => {
    expect(errorsIn(logql, query)).toEqual([])
    const [, events = ''] = query.match(/event=~?"([^"]+)"/) ?? []
    for (const event of events.split('|')) expect(eventNames).toContain(event)
    expect(logqlAnswer(query, [])).toEqual([])
  })

  test('has something to say, to do, to look at and to ask', () => {
    const { title, story, steps, look_at, promql: metrics, logql: lines, seconds } = scenario
    expect(title.length).toBeGreaterThan(3)
    expect(story.length).toBeGreaterThan(60)
    expect(steps.length).toBeGreaterThan(3)
    expect(look_at.length).toBeGreaterThan(1)
    expect(metrics.length).toBeGreaterThan(1)
    expect(lines.length).toBeGreaterThan(0)
    expect(seconds).toBeGreaterThanOrEqual(60)
    expect(seconds).toBeLessThanOrEqual(300)
    const titles = [...steps, ...look_at, ...metrics, ...lines].map(one => one.title)
    expect(new Set(titles).size).toBe(titles.length)
  })

  test('leads to pages, dashboards and sections of the runbook that exist', () => {
    const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8')
    for (const { href } of scenarioShapeOf(scenario, 'http://grafana.example:13000').look_at) {
      const [, uid] = href.match(/^http:\/\/grafana\.example:13000\/d\/(.+)$/) ?? []
      const [, section] = href.match(/^\/runbook#(.+)$/) ?? []
      if (uid !== undefined) expect(dashboards.map(board => board.uid)).toContain(uid)
      else if (section !== undefined) expect(runbook).toContain(`\n## ${section}\n`)
      else expect(['/', '/dashboard', '/fleet', '/config']).toContain(href)
    }
  })
})

test('the checks would find a query that does not parse', () => {
  expect(errorsIn(promql, 'sum by tool (rate(x[1m]))')).not.toEqual([])
  expect(errorsIn(logql, '{job="license-server"')).not.toEqual([])
  expect(() => logqlAnswer('{job="other"}', [])).toThrow('not known')
})
