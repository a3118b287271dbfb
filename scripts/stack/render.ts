/** The configuration files are written for containers; this makes them fit this machine. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { PartName } from './parts.ts'
import type { Settings } from './settings.ts'

/** The file of each part, from the project folder; Grafana takes everything from its environment. */
export const sources = {
  prometheus: 'prometheus/prometheus.yml',
  alertmanager: 'alertmanager/alertmanager.yml',
  loki: 'loki/loki.yml',
  promtail: 'promtail/promtail.yml',
} as const satisfies Partial<Record<PartName, string>>

export type Rendered = keyof typeof sources
export const hasFile = (name: PartName): name is Rendered => name in sources

/** The data folder of a part. */
export const dataFolder = (settings: Settings, name: string): string => join(settings.folder, name)

/** Where the rendered file of a part is. */
export const renderedPath = (settings: Settings, name: Rendered): string =>
  join(dataFolder(settings, name), `${name}.yml`)

/**
 * Replaces the addresses and folders of the containers by those of this machine, and nothing else.
 * `/loki` is a folder only in Loki's own file, and only where a path begins.
 */
export function render(name: Rendered, text: string, settings: Settings): string {
  const { root, ports, appHost, metricsPort, logFile, webhookTokenFile } = settings
  const here = (port: number) => `127.0.0.1:${port}`
  const tokens: [RegExp, string][] = [
    [address('app:8000'), `${appHost}:${name === 'prometheus' ? metricsPort : ports.app}`],
    [address('prometheus:9090'), here(ports.prometheus)],
    [address('alertmanager:9093'), here(ports.alertmanager)],
    [address('loki:3100'), here(ports.loki)],
    [address('promtail:9080'), here(ports.promtail)],
    [address('grafana:3000'), here(ports.grafana)],
    [path('/var/log/twinloop/license-server.log'), logFile],
    [path('/var/lib/promtail'), dataFolder(settings, 'promtail')],
    [path('/run/twinloop/alert-webhook-token'), webhookTokenFile],
    [path('/etc/prometheus/rules/*.yml'), join(root, 'prometheus/rules/*.yml')],
  ]
  if (name === 'loki') tokens.push([path('/loki'), dataFolder(settings, 'loki')])
  return tokens.reduce((rendered, [token, value]) => rendered.replaceAll(token, () => value), text)
}

/** Writes the rendered file of a part. @returns why it could not, or null */
export function writeRendered(name: Rendered, settings: Settings): string | null {
  const source = join(settings.root, sources[name])
  if (!existsSync(source)) return `${sources[name]} is missing`
  const target = renderedPath(settings, name)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, render(name, readFileSync(source, 'utf8'), settings))
  return null
}

/** A token that was given as a value is what Alertmanager must send: it reads it from the file. */
export function writeWebhookToken({ variables, webhookTokenFile }: Settings): void {
  const token = variables.ALERT_WEBHOOK_TOKEN
  if (!token) return
  mkdirSync(dirname(webhookTokenFile), { recursive: true })
  writeFileSync(webhookTokenFile, token)
  chmodSync(webhookTokenFile, 0o600)
}

const escaped = (text: string) => text.replaceAll(/[.*/]/g, '\\$&')
const address = (text: string) => new RegExp(`(?<![\\w.-])${escaped(text)}(?!\\d)`, 'g')
const path = (text: string) => new RegExp(`(?<![^\\s'"=[,])${escaped(text)}(?![\\w.-])`, 'g')
