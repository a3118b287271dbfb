/** Writes the Grafana dashboards that src/dashboards describes to grafana/dashboards/. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { COLUMNS, dashboards, fileOf } from '../src/dashboards/index.ts'
import { commandLine } from './command-line.ts'

const help = `Usage: tsx scripts/dashboards.ts [options]

  (none)           writes grafana/dashboards/*.json
  --check          says which file differs from the code, and ends with 1 if one does
  --layout FILE    draws where the panels of all dashboards are, as an SVG
  -h, --help       print this
`
const flags = commandLine(help, { check: { preset: false }, layout: { preset: '' } })
// A column of Grafana's grid on a screen of 1440, and a row of it, in pixels; then the drawing's own.
const [COLUMN, LINE, GAP, HEADING] = [58, 36, 40, 34]
const folder = fileURLToPath(new URL('../grafana/dashboards/', import.meta.url))
const print = (line: string) => process.stdout.write(`${line}\n`)
const files = new Map(dashboards.map(fileOf))

if (flags.layout) writeFileSync(flags.layout, drawing())
else if (flags.check) check()
else write()

function write() {
  mkdirSync(folder, { recursive: true })
  for (const name of leftOver()) rmSync(join(folder, name))
  for (const [name, text] of files) writeFileSync(join(folder, name), text)
  print(`${files.size} dashboards are in grafana/dashboards/`)
}

function check() {
  const wrong = [
    ...[...files].filter(([name, text]) => textOf(name) !== text).map(([name]) => `${name} differs`),
    ...leftOver().map(name => `${name} is of no dashboard`),
  ]
  for (const line of wrong) print(`grafana/dashboards/${line}: run npm run generate`)
  if (wrong.length > 0) process.exitCode = 1
  else print(`${files.size} dashboards are as the code says`)
}

function textOf(name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8')
  } catch {
    return undefined
  }
}

/** Files of dashboards that are no more. */
function leftOver(): string[] {
  try {
    return readdirSync(folder).filter(name => name.endsWith('.json') && !files.has(name))
  } catch {
    return []
  }
}

/** All dashboards below each other, to scale: what is cut here is cut on a screen. */
function drawing(): string {
  let top = GAP
  const drawn = dashboards.map(dashboard => {
    const panels = (dashboard.panels ?? []) as Panel[]
    const box = `<text x="8" y="${top}" class="board">${escaped(dashboard.title ?? '')} (${dashboard.uid})</text>
${panels.map(panel => boxOf(panel, top + 10)).join('\n')}`
    top +=
      HEADING + GAP + LINE * Math.max(...panels.map(({ gridPos }) => (gridPos ? gridPos.y + gridPos.h : 0)))
    return box
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${COLUMNS * COLUMN}" height="${top}" font-family="Inter, Helvetica, Arial, sans-serif">
<style>.board{font-size:22px;font-weight:600}.title{font-size:14px;font-weight:500}.about{font-size:11px;fill:#556}.row{font-size:15px;font-weight:600}</style>
<rect width="100%" height="100%" fill="#f4f5f5"/>
${drawn.join('\n')}
</svg>
`
}

function boxOf({ type, title = '', gridPos, fieldConfig, datasource }: Panel, top: number): string {
  const { x, y, w, h } = gridPos ?? { x: 0, y: 0, w: 0, h: 0 }
  const [left, above] = [x * COLUMN, top + y * LINE]
  if (type === 'row') return `<text x="${left + 8}" y="${above + 24}" class="row">▾ ${escaped(title)}</text>`
  const about = [type, fieldConfig?.defaults.unit, datasource?.uid ?? 'no query', `${w}×${h}`].join(' · ')
  return `<svg x="${left + 4}" y="${above + 4}" width="${w * COLUMN - 8}" height="${h * LINE - 8}">
<rect width="100%" height="100%" fill="#fff" stroke="#ccc"/>
<text x="8" y="20" class="title">${escaped(title)}</text><text x="8" y="40" class="about">${escaped(about)}</text></svg>`
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
