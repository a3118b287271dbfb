import { expect, test } from 'vitest'
import { pageOf } from '../../scripts/build/page.ts'

const frame =
  '<title>{{title}}</title><meta content="{{description}}">\n{{head}}\n<ul>\n{{links}}\n</ul>\n{{state}}{{main}}<footer>{{foot}}</footer>\n{{after}}'
const source = (facts: string, rest = '<main>x</main>\n') => `<!--\n${facts}\n-->\n${rest}`
const plain = 'title: A page\ndescription: What it is: in short.'

test('a page has its title, its own script and styles, and its part between header and footer', () => {
  const page = pageOf('fleet', source(plain), frame)
  expect(page).toContain('<title>A page</title><meta content="What it is: in short.">')
  expect(page).toContain('<link rel="stylesheet" href="/assets/fleet.css">')
  expect(page).toContain('<script type="module" src="/assets/fleet.js"></script>')
  expect(page).toContain('    <main>x</main>\n<footer>')
  expect(page).not.toMatch(/\{\{|link-state/)
})

test.each([
  ['index', '/'],
  ['fleet', '/fleet'],
])('%s is the current page of the header, and no other', (name, address) => {
  const page = pageOf(name, source(plain), frame)
  expect(page.match(/aria-current/g)).toHaveLength(1)
  expect(page).toContain(`<a href="${address}" aria-current="page">`)
})

test('a page that is not in the header marks none', () => {
  expect(pageOf('race', source(plain), frame)).not.toContain('aria-current')
})

test('what a page asks for beside: the state of the stream, no script, files of packages, words, what comes last', () => {
  const facts = `${plain}\nlive: yes\nscript: no\nstyles: /vendor/a.css\nscripts: /vendor/a.js\nfoot: The end.`
  const page = pageOf(
    'docs',
    source(facts, '<main>x</main>\n<!-- after the footer -->\n<aside>y</aside>\n'),
    frame,
  )
  expect(page).toContain('id="link-state"')
  expect(page).not.toContain('/assets/docs.js')
  expect(page).toMatch(/a\.css">\n.*docs\.css">\n.*a\.js" defer/)
  expect(page).toContain('<footer>The end.</footer>\n    <aside>y</aside>\n')
})

test('a page with a frame of its own is left as it is', () => {
  expect(pageOf('presentation', '<!doctype html>\n<p>$&</p>', frame)).toBe('<!doctype html>\n<p>$&</p>')
})

test('a page without a title or a description is named', () => {
  expect(() => pageOf('fleet', source('title: A page'), frame)).toThrow('static/fleet.html')
})
