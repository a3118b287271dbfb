/** Prometheus's rule files, made from the objectives and the metric tables. */
import { alertGroups } from './alerts.ts'
import { objectiveGroups } from './objective-rules.ts'
import { type AlertingRule, type RuleGroup, ruleFile } from './rule.ts'

/** Every rule file by its path in the repository. */
export const ruleFiles = (): Record<string, string> => ({
  'prometheus/rules/objectives.yml': ruleFile(
    'What the objectives are judged by, and the alerts that their burn raises.',
    objectiveGroups(),
  ),
  'prometheus/rules/alerts.yml': ruleFile('Alerts about pools, pages, logs and targets.', alertGroups()),
})

/** Every alert that exists, for the runbook, the tests and whoever queries their expressions. */
export const allAlerts = (): AlertingRule[] =>
  [...objectiveGroups(), ...alertGroups()]
    .flatMap(({ rules }: RuleGroup) => rules)
    .filter((rule): rule is AlertingRule => 'alert' in rule)
