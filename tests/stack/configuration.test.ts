import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isOnPath } from '../support/on-path.ts'
import { alloyLabels, type PromtailFile, promtailLabels } from './shipper-labels.ts'
import { iniOf, root, textOf, yamlOf } from './stack-files.ts'

const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

const noPromtool = !isOnPath('promtool')
const noAmtool = !isOnPath('amtool')

describe('Prometheus', () => {
  const { scrape_configs, ...file } = yamlOf<{
    global: Record<string, string>
    rule_files: string[]
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[]
  }>('prometheus/prometheus.yml')

  it('asks the app and every part of the stack, each by its own name', () => {
    expect(
      Object.fromEntries(scrape_configs.map(job => [job.job_name, job.static_configs[0]?.targets])),
    ).toEqual({
      'license-server': ['app:8000'],
      prometheus: ['prometheus:9090'],
      alertmanager: ['alertmanager:9093'],
      loki: ['loki:3100'],
      promtail: ['promtail:9080'],
    })
    expect(file.global.scrape_interval).toBe('5s')
    expect(file.rule_files).toEqual(['/etc/prometheus/rules/*.yml'])
  })

  it.skipIf(noPromtool)('is accepted by promtool (skipped without promtool)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'twinloop-prometheus-'))
    try {
      mkdirSync(join(folder, 'rules'))
      const rendered = join(folder, 'prometheus.yml')
      const text = textOf('prometheus/prometheus.yml')
      writeFileSync(rendered, text.replace('/etc/prometheus/rules', join(folder, 'rules')))
      expect(run('promtool', 'check', 'config', rendered)).toContain('SUCCESS')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('Alertmanager', () => {
  const text = textOf('alertmanager/alertmanager.yml')

  it('tells the app, and proves who it is by the token that the app wrote', () => {
    expect(text).toContain('url: http://app:8000/alerts/webhook')
    expect(text).toContain('credentials_file: /run/twinloop/alert-webhook-token')
  })

  it.skipIf(noAmtool)('is accepted by amtool (skipped without amtool)', () => {
    const file = join(root, 'alertmanager/alertmanager.yml')
    expect(run('amtool', 'check-config', file)).toContain('SUCCESS')
  })

  const routeOf = (...labels: string[]) =>
    run(
      'amtool',
      'config',
      'routes',
      'test',
      `--config.file=${join(root, 'alertmanager/alertmanager.yml')}`,
      ...labels,
    )

  it.skipIf(noAmtool)('sends every alert to the stage (skipped without amtool)', () => {
    expect(routeOf('alertname=Any').trim()).toBe('stage')
    expect(routeOf('alertname=Any', 'time=demo').trim()).toBe('stage')
  })
})

describe('the labels of a line', () => {
  const promtail = yamlOf<PromtailFile>('promtail/promtail.yml')
  const fromPromtail = promtailLabels(promtail)

  it('are five, and not the name of the file', () => {
    expect(Object.keys(fromPromtail.labels).sort()).toEqual(['env', 'event', 'job', 'level', 'service_name'])
    expect(fromPromtail.dropped).toEqual(['filename'])
  })

  it('are the same from Promtail and from Alloy', () => {
    expect(alloyLabels(textOf('alloy/config.alloy'))).toEqual(fromPromtail)
  })

  it('are fewer than Loki has streams for', () => {
    const { limits_config } = yamlOf<{ limits_config: Record<string, unknown> }>('loki/loki.yml')
    expect(limits_config).toMatchObject({ max_global_streams_per_user: 500, discover_log_levels: false })
  })

  it('wait in the file for as long as Loki is away', () => {
    expect(promtail.clients[0]?.backoff_config.max_retries).toBe(0)
    expect(textOf('alloy/config.alloy')).toMatch(/max_backoff_retries = 0\b/)
  })
})

describe('Loki', () => {
  it('keeps three days, and calls nobody', () => {
    expect(yamlOf('loki/loki.yml')).toMatchObject({
      limits_config: { retention_period: '72h' },
      compactor: { retention_enabled: true, delete_request_store: 'filesystem' },
      analytics: { reporting_enabled: false },
      pattern_ingester: { enabled: true },
    })
  })
})

describe('Grafana', () => {
  const { datasources } = yamlOf<{
    datasources: { uid: string; type: string; url: string; jsonData: Record<string, unknown> }[]
  }>('grafana/provisioning/datasources/twinloop.yml')
  const settings = iniOf('grafana/grafana.ini')

  it('has the data sources that dashboards name, at addresses from the environment', () => {
    expect(datasources.map(({ uid, type, url }) => `${uid} ${type} ${url}`)).toEqual([
      'prometheus prometheus $PROMETHEUS_URL',
      'loki loki $LOKI_URL',
      'alertmanager alertmanager $ALERTMANAGER_URL',
    ])
    const environment = Object.keys(
      yamlOf<{ services: { grafana: { environment: object } } }>('docker-compose.yml').services.grafana
        .environment,
    )
    for (const name of ['PROMETHEUS_URL', 'LOKI_URL', 'ALERTMANAGER_URL', 'DASHBOARDS_PATH'])
      expect(environment).toContain(name)
  })

  it('leads from an exemplar, a request id and a trace id to the lines that have it', () => {
    const links = datasources.flatMap(
      ({ jsonData }) =>
        (jsonData.exemplarTraceIdDestinations ?? jsonData.derivedFields ?? []) as {
          name: string
          url: string
        }[],
    )
    expect(links.map(({ name }) => name)).toEqual(['request_id', 'request_id', 'trace_id'])
    for (const { name, url } of links) {
      const shown = new URL(url.replaceAll('$$', '$'), 'http://grafana').searchParams.get('panes') ?? ''
      const [pane] = Object.values(JSON.parse(shown) as Record<string, { queries: { expr: string }[] }>)
      expect(pane?.queries[0]?.expr).toBe(`{job="license-server"} | json | ${name}="\${__value.raw}"`)
    }
  })

  it('shows everything to anybody, changes nothing, fetches nothing and calls nobody', () => {
    expect(settings['auth.anonymous']).toMatchObject({ enabled: 'true', org_role: 'Viewer' })
    expect(settings.plugins).toMatchObject({ preinstall_disabled: 'true' })
    expect(settings.security).toMatchObject({ allow_embedding: 'true', disable_gravatar: 'true' })
    expect(settings.analytics).toEqual({
      reporting_enabled: 'false',
      check_for_updates: 'false',
      check_for_plugin_updates: 'false',
      feedback_links_enabled: 'false',
    })
    expect(settings.news).toEqual({ news_feed_enabled: 'false' })
  })

  it('never turns off a data source that it has', () => {
    const off = settings.plugins?.disable_plugins?.split(',') ?? []
    for (const { type } of datasources) expect(off).not.toContain(type)
  })
})
