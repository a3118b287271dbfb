import { describe, expect, it } from 'vitest'
import { decideConfig } from '../../src/config/config.ts'
import { variables } from '../../src/config/variables.ts'
import { addressBehind } from '../../src/http/forwarded.ts'
import { type FlyFile, flyOf, lastStage, pathOf, textOf, yamlOf } from './deploy-files.ts'

const fly = flyOf()
const build = { version: '1.2.3', commit: 'abc', committedAt: null }
const config = decideConfig({ values: fly.env, help: false, version: false, problems: [] }, build)
const secrets = Object.entries(variables).flatMap(([name, variable]) => ('secret' in variable ? name : []))
const seconds = (text: string) => Number(/^(\d+)s$/.exec(text)?.[1])

describe('fly.toml', () => {
  it('sets only variables that the server knows, to values that it takes', () => {
    expect(Object.keys(fly.env).filter(name => !(name in variables))).toEqual([])
    expect(config.publicUrl).toBe(`https://${fly.app}.fly.dev`)
  })

  it('has no secret in it, and names those that are needed', () => {
    expect(Object.keys(fly.env).filter(name => secrets.includes(name))).toEqual([])
    for (const name of ['PRESENTER_TOKEN', 'FLEET_KEY', 'ALERT_WEBHOOK_TOKEN', 'LOKI_URL', 'LOKI_PASSWORD'])
      expect(textOf('fly.toml')).toMatch(new RegExp(`^# .*\\b${name}=\\.\\.\\.`, 'm'))
  })

  it('speaks to the ports that the server listens on', () => {
    expect(config.port).toBe(fly.http_service.internal_port)
    expect(lastStage().ports).toContain(String(fly.http_service.internal_port))
    expect(config.host).toBe('0.0.0.0')
  })

  it('keeps /metrics off the public port', () => {
    expect(fly.metrics).toEqual({ port: config.metricsPort, path: '/metrics' })
    expect(fly.metrics.port).not.toBe(fly.http_service.internal_port)
  })

  it('keeps every database on the volume', () => {
    expect(fly.mounts).toHaveLength(1)
    const { destination } = fly.mounts[0] as FlyFile['mounts'][number]
    expect(lastStage().volumes).toEqual([destination])
    for (const path of [config.dbPath, config.fleet.dbPath, config.estate.dbPath])
      expect(path.startsWith(`${destination}/`), path).toBe(true)
    expect(config.estate.lake).toMatchObject({ folder: `${destination}/lake` })
  })

  it('asks whether the process answers, and whether borrows can be decided', () => {
    expect(fly.http_service.checks.map(({ path }) => path)).toEqual(['/healthz', '/readyz'])
    for (const check of fly.http_service.checks) {
      expect(check.method).toBe('GET')
      expect(seconds(check.timeout)).toBeLessThan(seconds(check.interval))
    }
  })

  it('waits for the end longer than the server drains', () => {
    expect(fly).toMatchObject({ kill_signal: lastStage().stopSignal })
    expect(fly.kill_timeout).toBeGreaterThan(20)
  })

  it('is always on, on one machine: what has a volume is replaced in place, and waited for', () => {
    expect(fly.http_service).toMatchObject({
      force_https: true,
      auto_stop_machines: 'off',
      auto_start_machines: true,
      min_machines_running: 1,
    })
    expect(fly.deploy.strategy).toBe('rolling')
    expect(fly.vm).toHaveLength(1)
  })

  it('lets in as many streams as the server takes: 10,000, and 2,000 WebSockets, beside other requests', () => {
    const { type, soft_limit, hard_limit } = fly.http_service.concurrency
    expect(type).toBe('requests')
    expect(soft_limit).toBeLessThanOrEqual(hard_limit)
    expect(hard_limit).toBeGreaterThan(12_000)
  })

  it('knows a visitor behind Fly’s proxy, whatever he says of himself', () => {
    const [visitor, ofTheApp] = ['203.0.113.7', '198.51.100.1']
    const seen = (header: string) => addressBehind('172.16.0.2', header, config.trustedProxies)
    expect(seen(`${visitor}, ${ofTheApp}`)).toBe(visitor)
    expect(seen(`10.9.9.9, ${visitor}, ${ofTheApp}`)).toBe(visitor)
  })
})

describe('railway.json', () => {
  const railway = JSON.parse(textOf('railway.json'))

  it('builds the Dockerfile, and asks an address that the server has', () => {
    expect(railway.build).toEqual({ builder: 'DOCKERFILE', dockerfilePath: 'Dockerfile' })
    expect(railway.deploy).toMatchObject({ healthcheckPath: '/readyz', restartPolicyType: 'ON_FAILURE' })
    expect(pathOf(railway.build.dockerfilePath)).toBe(pathOf('Dockerfile'))
  })
})

describe('docker-compose.yml', () => {
  interface App {
    build: { args: Record<string, string> }
    environment: Record<string, string>
  }
  const { app } = yamlOf<{ services: { app: App } }>('docker-compose.yml').services

  it('bakes in what the Dockerfile takes', () => {
    expect(Object.keys(app.build.args)).toEqual(expect.arrayContaining(['APP_COMMIT', 'APP_VERSION']))
    for (const name of Object.keys(app.build.args)) expect(textOf('Dockerfile')).toContain(`ARG ${name}=`)
  })

  it('sets only variables that the server knows, and not what is baked in', () => {
    const names = Object.keys(app.environment)
    expect(names.filter(name => !(name in variables))).toEqual([])
    expect(names.filter(name => name in app.build.args)).toEqual([])
  })
})
