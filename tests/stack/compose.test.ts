import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type ComposeFile, root, textOf, yamlOf } from './stack-files.ts'

const text = textOf('docker-compose.yml')
const compose = yamlOf<ComposeFile>('docker-compose.yml')
const services = Object.entries(compose.services)
const mounts = services.flatMap(([service, { volumes }]) => volumes.map(mount => ({ service, ...mount })))

/** The keys that the Compose Specification knows, as far as they are used here: a typing error is none of them. */
const known = {
  file: ['name', 'services', 'volumes', 'x-probe', 'x-service'],
  service:
    `build cap_drop command depends_on environment healthcheck image init logging mem_limit ports profiles
    read_only restart scale security_opt stop_grace_period tmpfs user volumes`.split(/\s+/),
  healthcheck: ['interval', 'retries', 'start_period', 'test', 'timeout'],
  mount: ['read_only', 'source', 'target', 'type', 'volume'],
}
const unknownOf = (value: object, keys: readonly string[]) =>
  Object.keys(value).filter(key => !keys.includes(key))

describe('the compose file', () => {
  it('has the services of the stack, each with its pinned image', () => {
    expect(Object.fromEntries(services.map(([name, { image }]) => [name, image]))).toEqual({
      app: 'twinloop:local',
      prometheus: 'prom/prometheus:v3.14.0',
      alertmanager: 'prom/alertmanager:v0.34.0',
      loki: 'grafana/loki:3.7.6',
      promtail: 'grafana/promtail:3.6.11',
      alloy: 'grafana/alloy:v1.18.1',
      grafana: 'grafana/grafana:13.2.3',
    })
    expect(services.filter(([, { build }]) => build).map(([name]) => name)).toEqual(['app'])
  })

  it('uses only keys that compose knows', () => {
    expect(unknownOf(compose, known.file)).toEqual([])
    for (const [name, service] of services) {
      expect(unknownOf(service, known.service), name).toEqual([])
      expect(unknownOf(service.healthcheck, known.healthcheck), name).toEqual([])
      for (const mount of service.volumes) expect(unknownOf(mount, known.mount), name).toEqual([])
    }
  })

  it('starts Promtail by default, Alloy only when it is asked for', () => {
    expect(services.filter(([, { profiles }]) => profiles).map(([name]) => name)).toEqual(['alloy'])
    expect(compose.services.promtail?.scale).toBe(`\${PROMTAIL_SCALE:-1}`)
  })

  it.each(services)('%s is checked, limited and started again', (_name, service) => {
    const { healthcheck, mem_limit, restart, logging } = service
    expect(healthcheck.test[0]).toBe('CMD')
    expect(healthcheck).toMatchObject({ interval: '5s', timeout: '3s', start_period: '60s' })
    expect(mem_limit).toMatch(/^\d+m$/)
    expect(restart).toBe('unless-stopped')
    expect(logging.options).toHaveProperty('max-size')
  })

  it.each(services)('%s has no rights beyond those of its user', (_name, service) => {
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toEqual(['no-new-privileges:true'])
  })

  it('keeps the files of every image unchangeable, but those of Grafana', () => {
    expect(services.filter(([, service]) => service.read_only !== true).map(([name]) => name)).toEqual([
      'grafana',
    ])
  })

  it('never reaches for the Docker socket', () => {
    expect(text).not.toContain('docker.sock')
  })

  it('gives every host port a variable with the default of the documents', () => {
    expect(Object.fromEntries(services.map(([name, { ports }]) => [name, ports]))).toEqual({
      app: [`\${APP_PORT:-8000}:8000`, `127.0.0.1:\${MQTT_HOST_PORT:-1883}:1883`],
      prometheus: [`127.0.0.1:\${PROMETHEUS_PORT:-9090}:9090`],
      alertmanager: [`127.0.0.1:\${ALERTMANAGER_PORT:-9093}:9093`],
      loki: [`127.0.0.1:\${LOKI_PORT:-3100}:3100`],
      promtail: [`127.0.0.1:\${PROMTAIL_PORT:-9080}:9080`],
      alloy: [`127.0.0.1:\${ALLOY_PORT:-12345}:12345`],
      grafana: [`127.0.0.1:\${GRAFANA_PORT:-3000}:3000`],
    })
  })

  it('opens only the app to the network', () => {
    const open = services.filter(([, { ports }]) => ports.some(port => !port.startsWith('127.0.0.1:')))
    expect(open.map(([name]) => name)).toEqual(['app'])
  })

  it('waits only for services that are well', () => {
    for (const [name, { depends_on = {} }] of services)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(compose.services, name).toHaveProperty(other)
        expect(condition, `${name} waits for ${other}`).toBe('service_healthy')
      }
  })
})

describe('mounts', () => {
  const binds = mounts.filter(({ type }) => type === 'bind')

  it.each(binds)('$source of $service is in the repository, and only read', ({ source, read_only }) => {
    expect(existsSync(join(root, source))).toBe(true)
    expect(read_only).toBe(true)
  })

  it('uses every named volume, and declares each', () => {
    const used = mounts.filter(({ type }) => type === 'volume').map(({ source }) => source)
    expect([...new Set(used)].sort()).toEqual(Object.keys(compose.volumes).sort())
  })

  it('lets only the image of its writer decide who owns a shared volume', () => {
    const readers = mounts.filter(({ type, read_only }) => type === 'volume' && read_only)
    expect(readers.map(({ service, source }) => `${service} ${source}`).sort()).toEqual([
      'alertmanager webhook-token',
      'alloy logs',
      'promtail logs',
    ])
    for (const { volume } of readers) expect(volume).toEqual({ nocopy: true })
  })
})

describe('.env.example', () => {
  const listed = new Map(
    textOf('.env.example')
      .split('\n')
      .filter(line => /^\w+=/.test(line))
      .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  )
  const used = [...text.matchAll(/(?<!\$)\$\{(\w+)(?::-([^}]*))?\}/g)]

  it.each(used.map(([, name = '', preset]) => [name, preset] as const))(
    'says what %s is: "%s"',
    (name, preset) => {
      expect(preset, 'a clean clone has no .env').toBeDefined()
      expect(listed.get(name)).toBe(preset)
    },
  )

  it('lists nothing that has no effect', () => {
    const names = new Set(used.map(([, name]) => name))
    expect([...listed.keys()].filter(name => !names.has(name))).toEqual(['COMPOSE_PROFILES'])
  })
})

describe('the image of the app', () => {
  const dockerfile = textOf('Dockerfile')
  const folders = /^RUN install -d -o node -g node (.+)$/m.exec(dockerfile)?.[1]?.split(' ')

  it('gives the folders of its volumes to the user that it runs as', () => {
    expect(dockerfile).toMatch(/^USER node$/m)
    const targets = compose.services.app?.volumes.map(({ target }) => target)
    expect(folders?.sort()).toEqual(targets?.sort())
  })

  it('starts node itself, so that a signal reaches it', () => {
    expect(dockerfile).toMatch(/^CMD \["node", "dist\/main\.js"\]$/m)
    expect(dockerfile).toMatch(/^HEALTHCHECK /m)
  })

  it('is made from one pinned version of Node', () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image)
    expect(images.every(image => /^node:24\.\d+\.\d+-bookworm(-slim)?$/.test(image))).toBe(true)
    expect(new Set(images.map(image => image.replace('-slim', ''))).size).toBe(1)
  })

  it('lets in only what the build reads', () => {
    const [everything, ...admitted] = textOf('.dockerignore')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
    expect(everything).toBe('*')
    for (const path of admitted.filter(line => line.startsWith('!')))
      expect(existsSync(join(root, path.slice(1))), path).toBe(true)
    expect(admitted).toContain('static/assets')
  })
})
