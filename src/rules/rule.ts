/** Rule files as Prometheus reads them. */
import { stringify } from 'yaml'

export interface RecordingRule {
  record: string
  expr: string
  labels?: Record<string, string>
}

export type Severity = 'page' | 'ticket' | 'warning'

export interface AlertingRule {
  alert: string
  expr: string
  /** How long it must hold; at once when left out. */
  for?: string
  labels: { severity: Severity } & Record<string, string>
  annotations: {
    summary: string
    description: string
    runbook_url: string
    /** What to paste into Grafana's Explore for the lines behind it. */
    logql: string
  }
}

/** An alert before it is told where its section of the runbook is. */
export type Declared = Omit<AlertingRule, 'annotations'> & {
  annotations: Omit<AlertingRule['annotations'], 'runbook_url'>
}

export interface RuleGroup {
  name: string
  rules: (RecordingRule | AlertingRule)[]
}

/** The page of the server that shows docs/runbook.md, one section an alert. */
const RUNBOOK = 'http://localhost:8000/runbook'
export const runbookOf = (alert: string): string => `${RUNBOOK}#${alert}`

export const withRunbook = ({ annotations, ...rule }: Declared): AlertingRule => ({
  ...rule,
  annotations: { ...annotations, runbook_url: runbookOf(rule.alert) },
})

/** The text of a rule file. @param about one line that says what it is for */
export const ruleFile = (about: string, groups: readonly RuleGroup[]): string =>
  `# ${about}\n# Made by \`npm run generate\` from src/rules; edit there.\n${stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false })}`
