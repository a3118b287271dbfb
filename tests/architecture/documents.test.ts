import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parser as logql } from '@grafana/lezer-logql'
import { parser as promql } from '@prometheus-io/lezer-promql'
import { expect, test } from 'vitest'
import { eventNames } from '../../src/observability/event-names.ts'
import { metrics } from '../../src/telemetry.ts'
import { root } from './source.ts'

const markdownIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter(name => name.endsWith('.md'))
    .map(name => join(folder, name))
const documents = [...markdownIn('.'), ...markdownIn('docs')]
const read = (name: string) => readFileSync(join(root, name), 'utf8')
/** What is shown as an example of a change is not there yet. */
const withoutChanges = (name: string) => read(name).replaceAll(/```diff\n[\s\S]*?\n```/g, '')

test.each(documents)('every path that %s names exists', name => {
  const paths = Array.from(
    withoutChanges(name).matchAll(
      /`((?:src|static|tests|scripts|prometheus|loki|promtail|grafana)\/[\w./-]*)`/g,
    ),
  )
    .map(([, path = '']) => path)
    .filter(path => !path.startsWith('static/assets'))
  expect(paths.filter(path => !existsSync(join(root, path)))).toEqual([])
})

test.each(documents)('every npm command that %s names exists', name => {
  const { scripts } = JSON.parse(read('package.json'))
  const commands = Array.from(
    read(name).matchAll(/npm run (?:--?[a-z]+ )*(\w[\w:-]*)/g),
    ([, command = '']) => command,
  )
  expect(commands.filter(command => !(command in scripts))).toEqual([])
})

test.each(documents)('every link of %s to a file leads to one', name => {
  const links = Array.from(withoutChanges(name).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)
    .filter(link => !/^(https?:|mailto:|#|\/)/.test(link))
    .map(link => link.replace(/#.*$/, ''))
  expect(links.filter(link => !existsSync(join(root, dirname(name), link)))).toEqual([])
})

const blocksOf = (name: string, language: string) =>
  Array.from(
    read(name).matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\``, 'g')),
    ([, text = '']) => text,
  )

test('the queries for viewers parse, and ask for metrics and events that exist', () => {
  const known = [
    'ALERTS',
    'slo:current_burn_rate:ratio',
    ...Object.entries(metrics).flatMap(([name, { type }]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  ]
  for (const [language, parser] of [
    ['promql', promql],
    ['logql', logql],
  ] as const) {
    const queries = blocksOf('docs/viewers.md', language)
    expect(queries.length).toBeGreaterThan(5)
    for (const query of queries)
      parser.parse(query).iterate({
        enter: ({ type, from, to }) => {
          expect(type.isError, query).toBe(false)
          if (language === 'promql' && type.name === 'Identifier')
            expect(known).toContain(query.slice(from, to))
        },
      })
  }
  const events = blocksOf('docs/viewers.md', 'logql').flatMap(query =>
    (query.match(/event=~?"([^"]+)"/)?.[1] ?? eventNames[0]).split('|'),
  )
  expect(events.filter(event => !eventNames.some(name => name === event))).toEqual([])
})
