/** A page: what is its own, in the frame that all pages share. */

/** The pages in the header of each, in their order. */
const links = [
  ['/', 'Borrow'],
  ['/dashboard', 'Dashboard'],
  ['/fleet', 'Fleet'],
  ['/estate', 'Estate'],
  ['/config', 'Configuration'],
  ['/overview', 'Overview'],
  ['/presentation', 'Deck'],
  ['/presenter', 'Presenter'],
  ['/docs', 'API docs'],
] as const

/** What a page says of itself, a line each, in the comment that it begins with. */
interface Facts {
  title: string
  description: string
  /** The last words of the page. */
  foot?: string
  /** yes: its header tells how the live stream is. */
  live?: string
  /** no: it needs none. */
  script?: string
  /** Of packages, loaded before its own. */
  styles?: string
  scripts?: string
}

const FOOT = 'A license-borrowing server, made to be watched.'
const AFTER = '<!-- after the footer -->\n'

/**
 * @param name of its file, its script and its styles
 * @param source its facts, its main part, and what comes after the footer; a page with a frame of its own is left as it is
 * @throws Error when a fact is missing
 */
export function pageOf(name: string, source: string, frame: string): string {
  const facts = factsOf(source)
  if (!facts) return source
  for (const fact of ['title', 'description'] as const)
    if (!facts[fact]) throw new Error(`static/${name}.html: the comment at its beginning has no ${fact}`)
  const [main = '', after = ''] = source.slice(source.indexOf('-->\n') + 4).split(AFTER)
  const address = name === 'index' ? '/' : `/${name}`
  const style = (href: string) => `    <link rel="stylesheet" href="${href}">`
  const head = [
    ...(facts.styles ? [style(facts.styles)] : []),
    style(`/assets/${name}.css`),
    ...(facts.scripts ? [`    <script src="${facts.scripts}" defer></script>`] : []),
    ...(facts.script === 'no' ? [] : [`    <script type="module" src="/assets/${name}.js"></script>`]),
  ]
  const link = ([href, words]: readonly [string, string]) =>
    `          <li><a href="${href}"${href === address ? ' aria-current="page"' : ''}>${words}</a></li>`
  const pieces: Record<string, string> = {
    title: facts.title,
    description: facts.description,
    head: head.join('\n'),
    links: links.map(link).join('\n'),
    state: facts.live === 'yes' ? '      <p class="link-state" id="link-state" role="status"></p>\n' : '',
    main: indented(main),
    foot: facts.foot ?? FOOT,
    after: indented(after),
  }
  return frame.replace(/\{\{(\w+)\}\}/g, (_, piece) => pieces[piece] ?? '')
}

function factsOf(source: string): Facts | null {
  const [, comment] = /^<!--\n(.*?)\n-->\n/s.exec(source) ?? []
  if (comment === undefined) return null
  return Object.fromEntries(comment.split('\n').map(line => line.split(/: (.*)/s))) as unknown as Facts
}

const indented = (part: string) => part.replace(/^(?=.)/gm, '    ')
