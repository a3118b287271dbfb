import type { PreviewReply } from '../../../fleet/campaigns/api.ts'
import { h } from '../../dom.ts'

import { reasonOf, share, vehiclesWords } from '../words.ts'

const group = (title: string, note: string, excluded: PreviewReply['excluded']) =>
  excluded.length === 0
    ? null
    : h(
        'div',
        {},
        h('h4', {}, title),
        h('p', { class: 'quiet' }, note),
        h(
          'ul',
          { class: 'excluded' },
          ...excluded.map(({ reason, vehicles, examples }) =>
            h(
              'li',
              {},
              h('strong', {}, vehiclesWords(vehicles)),
              `: ${reasonOf(reason)}`,
              examples.length > 0 &&
                h(
                  'span',
                  { class: 'quiet' },
                  ` (${examples.join(', ')}${vehicles > examples.length ? ' …' : ''})`,
                ),
            ),
          ),
        ),
      )

/** Whom a campaign would reach right now, and why not the others. */
export function previewOf({ matching, eligible, permanent, temporary, excluded }: PreviewReply): HTMLElement {
  const bar = h('div', { class: 'parts', 'aria-hidden': 'true' })
  for (const [kind, count] of [
    ['succeeded', eligible],
    ['waiting', temporary],
    ['out', permanent],
  ] as const) {
    const part = h('span', { class: `part part-${kind}` })
    part.style.inlineSize = `${matching === 0 ? 0 : (100 * count) / matching}%`
    bar.append(part)
  }
  return h(
    'div',
    { class: 'preview' },
    h(
      'p',
      {},
      h('strong', {}, `${eligible} of ${vehiclesWords(matching)}`),
      ` could be updated right now (${share(eligible, matching)}); ${temporary} blocked for now, ${permanent} left out for good.`,
    ),
    bar,
    group(
      'Blocked for now',
      'They are tried again while the campaign runs.',
      excluded.filter(({ lasting }) => lasting === 'temporary'),
    ),
    group(
      'Left out for good',
      'They are no part of the campaign.',
      excluded.filter(({ lasting }) => lasting === 'permanent'),
    ),
  )
}
