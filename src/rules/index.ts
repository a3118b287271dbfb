/** Prometheus's rule files, made from the objectives and the metric tables. */
import { alertGroups } from './alerts.ts'
import { estateAlerts } from './estate-alerts.ts'
import { estateRecordings } from './estate-rules.ts'
import { fleetAlerts } from './fleet-alerts.ts'
import { fleetRecordings } from './fleet-rules.ts'
import { objectiveGroups } from './objective-rules.ts'
import { type AlertingRule, type RuleGroup, ruleFile } from './rule.ts'

/** Every rule file by its path in the repository. */
export const ruleFiles = (): Record<string, string> => ({
  'prometheus/rules/objectives.yml': ruleFile(
    'What the objectives are judged by, and the alerts that their burn raises.',
    objectiveGroups(),
  ),
  'prometheus/rules/alerts.yml': ruleFile('Alerts about pools, pages, logs and targets.', alertGroups()),
  'prometheus/rules/fleet.yml': ruleFile(
    'What is recorded about vehicles, and the alerts about them, what they say and their updates.',
    fleetGroups(),
  ),
  'prometheus/rules/estate.yml': ruleFile(
    'What is recorded about the estate, and the alerts about its pipeline and how it is.',
    estateGroups(),
  ),
})

const fleetGroups = (): RuleGroup[] => [fleetRecordings(), fleetAlerts()]
const estateGroups = (): RuleGroup[] => [estateRecordings(), estateAlerts()]

/** Every alert that exists, for the runbook, the tests and whoever queries their expressions. */
export const allAlerts = (): AlertingRule[] =>
  [...objectiveGroups(), ...alertGroups(), ...fleetGroups(), ...estateGroups()]
    .flatMap(({ rules }: RuleGroup) => rules)
    .filter((rule): rule is AlertingRule => 'alert' in rule)
