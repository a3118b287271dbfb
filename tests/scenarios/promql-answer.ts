/**
 * Answers PromQL as Prometheus would that scraped twice: `rate` and `increase` are of what came between. Only what
 * the scenarios ask; anything else throws.
 */
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import type { Sample } from '../support/exposition.ts'

export interface Series {
  labels: Record<string, string>
  value: number
}
type Value = number | Series[]

export interface Scrapes {
  before: readonly Sample[]
  after: readonly Sample[]
  /** Between the two. */
  seconds: number
}

/** @returns the series that a query answers with @throws Error when it asks for what this does not know */
export function promqlAnswer(query: string, scrapes: Scrapes): Series[] {
  const answer = evaluated(parser.parse(query).topNode.firstChild as SyntaxNode)
  return typeof answer === 'number' ? [{ labels: {}, value: answer }] : answer

  function textOf({ from, to }: SyntaxNode) {
    return query.slice(from, to)
  }

  function evaluated(node: SyntaxNode): Value {
    const [first, ...rest] = childrenOf(node)
    switch (node.name) {
      case 'ParenExpr':
        return evaluated(first as SyntaxNode)
      case 'NumberDurationLiteral':
        return Number(textOf(node))
      case 'VectorSelector':
        return selected(node, scrapes.after)
      case 'BinaryExpr':
        return combined(
          evaluated(first as SyntaxNode),
          rest[0]?.name ?? '',
          evaluated(rest.at(-1) as SyntaxNode),
        )
      case 'AggregateExpr':
        return aggregated(node)
      case 'FunctionCall':
        return called(textOf(first as SyntaxNode), childrenOf(rest[0] as SyntaxNode))
    }
    throw new Error(`${node.name} in ${query}`)
  }

  function selected(node: SyntaxNode, samples: readonly Sample[]): Series[] {
    const name = textOf(node.getChild('Identifier') as SyntaxNode)
    const matchers = childrenOf(node.getChild('LabelMatchers') as SyntaxNode).map(matcher => {
      const [label, operator, value] = childrenOf(matcher).map(textOf) as [string, string, string]
      return { label, operator, value: JSON.parse(value) as string }
    })
    const fits = (labels: Record<string, string>) =>
      matchers.every(({ label, operator, value }) => {
        const found = label === 'job' ? 'license-server' : (labels[label] ?? '')
        const isAlike = operator.includes('~') ? new RegExp(`^(?:${value})$`).test(found) : found === value
        return operator.startsWith('!') ? !isAlike : isAlike
      })
    return samples.filter(sample => sample.name === name && fits(sample.labels))
  }

  /** By how much each series has grown; one that is new has grown from 0. */
  function grown(matrix: SyntaxNode): Series[] {
    const selector = matrix.getChild('VectorSelector') as SyntaxNode
    const before = selected(selector, scrapes.before)
    return selected(selector, scrapes.after).map(({ labels, value }) => {
      const was = before.find(other => keyOf(other.labels) === keyOf(labels))?.value ?? 0
      return { labels, value: value - was }
    })
  }

  function called(name: string, args: SyntaxNode[]): Value {
    const [first, second] = args as [SyntaxNode, SyntaxNode]
    if (name === 'increase') return grown(first)
    if (name === 'rate')
      return grown(first).map(({ labels, value }) => ({ labels, value: value / scrapes.seconds }))
    if (name === 'histogram_quantile')
      return quantile(evaluated(first) as number, evaluated(second) as Series[])
    throw new Error(`${name} in ${query}`)
  }

  function aggregated(node: SyntaxNode): Series[] {
    const body = node.getChild('FunctionCallBody')?.firstChild as SyntaxNode
    const labels = (node.getChild('AggregateModifier')?.getChild('GroupingLabels') ??
      null) as SyntaxNode | null
    const kept = labels ? childrenOf(labels).map(textOf) : []
    const groups = new Map<string, { labels: Record<string, string>; values: number[] }>()
    for (const series of evaluated(body) as Series[]) {
      const labels = Object.fromEntries(kept.map(label => [label, series.labels[label] ?? '']))
      const group = groups.get(keyOf(labels)) ?? { labels, values: [] }
      group.values.push(series.value)
      groups.set(keyOf(labels), group)
    }
    const operator = textOf(node.getChild('AggregateOp') as SyntaxNode)
    const sum = (values: number[]) => values.reduce((all, value) => all + value, 0)
    return [...groups.values()].map(({ labels, values }) => ({
      labels,
      value: operator === 'max' ? Math.max(...values) : sum(values),
    }))
  }
}

const operators: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
}

function combined(left: Value, operator: string, right: Value): Value {
  if (operator === 'Gtr') return (left as Series[]).filter(({ value }) => value > (right as number))
  const of = operators[operator]
  if (!of) throw new Error(`the operator ${operator}`)
  if (typeof left === 'number' && typeof right === 'number') return of(left, right)
  if (typeof left === 'number')
    return (right as Series[]).map(({ labels, value }) => ({ labels, value: of(left, value) }))
  return left.flatMap(({ labels, value }) => {
    if (typeof right === 'number') return { labels, value: of(value, right) }
    const other = right.find(one => keyOf(one.labels) === keyOf(labels))
    return other ? { labels, value: of(value, other.value) } : []
  })
}

/** As Prometheus does it: within a bucket the values are taken to lie evenly. */
function quantile(share: number, buckets: Series[]): Series[] {
  const sorted = buckets
    .map(({ labels, value }) => ({ to: Number(labels.le?.replace('+Inf', 'Infinity')), count: value }))
    .sort((a, b) => a.to - b.to)
  const rank = share * (sorted.at(-1)?.count ?? 0)
  if (rank === 0) return []
  const index = sorted.findIndex(({ count }) => count >= rank)
  const [bucket, below] = [sorted[index], sorted[index - 1] ?? { to: 0, count: 0 }]
  if (!bucket || bucket.to === Infinity) return [{ labels: {}, value: below.to }]
  const within = (rank - below.count) / (bucket.count - below.count)
  return [{ labels: {}, value: below.to + (bucket.to - below.to) * within }]
}

const keyOf = (labels: Record<string, string>) => JSON.stringify(Object.entries(labels).sort())

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child)
  return children
}
