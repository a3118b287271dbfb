import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Rendered, render, sources } from '../../scripts/stack/render.ts'
import { decideSettings } from '../../scripts/stack/settings.ts'
import { root } from './stack-world.ts'

const variables = {
  APP_PORT: '1',
  PROMETHEUS_PORT: '2',
  ALERTMANAGER_PORT: '3',
  LOKI_PORT: '4',
  PROMTAIL_PORT: '5',
  GRAFANA_PORT: '6',
  LOG_FILE: '/logs/a.log',
}
const { settings } = decideSettings('/home/me/twin loop', variables)

test.each<[Rendered, string, string]>([
  ['prometheus', "['app:8000']", "['127.0.0.1:1']"],
  ['alertmanager', 'http://app:8000/alerts/webhook', 'http://127.0.0.1:1/alerts/webhook'],
  ['prometheus', '["prometheus:9090"]', '["127.0.0.1:2"]'],
  ['prometheus', 'alertmanager:9093', '127.0.0.1:3'],
  ['promtail', 'url: http://loki:3100/loki/api/v1/push', 'url: http://127.0.0.1:4/loki/api/v1/push'],
  ['prometheus', 'promtail:9080', '127.0.0.1:5'],
  ['prometheus', 'grafana:3000', '127.0.0.1:6'],
  ['promtail', '__path__: /var/log/twinloop/license-server.log', '__path__: /logs/a.log'],
  ['promtail', '/var/lib/promtail/positions.yml', '/home/me/twin loop/data/stack/promtail/positions.yml'],
  [
    'alertmanager',
    'credentials_file: "/run/twinloop/alert-webhook-token"',
    'credentials_file: "/home/me/twin loop/data/stack/app/alert-webhook-token"',
  ],
  ['prometheus', '- /etc/prometheus/rules/*.yml', '- /home/me/twin loop/prometheus/rules/*.yml'],
  ['loki', 'path_prefix: /loki', 'path_prefix: /home/me/twin loop/data/stack/loki'],
  ['loki', "chunks: '/loki/chunks'", "chunks: '/home/me/twin loop/data/stack/loki/chunks'"],
])('in the file of %s, %s becomes %s', (name, text, rendered) => {
  expect(render(name, text, settings)).toBe(rendered)
})

test.each<[Rendered, string]>([
  ['promtail', 'path: /loki'],
  ['loki', 'url: http://else/loki/api'],
  ['loki', 'path: /etc/loki/x /lokis'],
  ['prometheus', 'myapp:8000 app:80001 app:8001 my-loki:3100 x.loki:3100'],
  ['promtail', '/var/log/twinloop/license-server.log.1'],
  ['promtail', '/srv/var/lib/promtail'],
])('in the file of %s, %s stays', (name, text) => {
  expect(render(name, text, settings)).toBe(text)
})

test('where the metrics have a port of their own, Prometheus asks there', () => {
  const own = decideSettings('/x', { METRICS_PORT: '9464' }).settings
  expect(render('prometheus', 'app:8000', own)).toBe('127.0.0.1:9464')
  expect(render('alertmanager', 'app:8000', own)).toBe('127.0.0.1:8000')
})

test('a folder whose name has a dollar sign is written as it is', () => {
  const { settings: odd } = decideSettings("/a$&b$'c", {})
  expect(render('loki', '/loki', odd)).toBe("/a$&b$'c/data/stack/loki")
})

test.each(Object.entries(sources) as [Rendered, string][])(
  'of %s nothing of the containers is left',
  (name, path) => {
    const source = readFileSync(join(root, path), 'utf8')
    const rendered = render(name, source, settings)
    const tokens = /\b(app|prometheus|alertmanager|loki|promtail|grafana):\d{4}|\/var\/|\/run\/|\/etc\//
    const text = rendered.split('\n').filter(line => !line.trim().startsWith('#'))
    expect(text.filter(line => tokens.test(line))).toEqual([])
    expect(rendered.split('\n')).toHaveLength(source.split('\n').length)
  },
)
