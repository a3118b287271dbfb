/** Every picture of the documents: what it is of, and what must be seen before it is taken. */

/** Pixels. */
export const screens = {
  laptop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const

export interface Picture {
  /** The file is `docs/images/NAME.jpg`. */
  name: string
  address: string
  screen: keyof typeof screens
  theme: 'light' | 'dark'
  /** `calm`: a few people hold licenses. `busy`: simulated traffic has run for a while, and a bad release was rolled back. */
  when: 'calm' | 'busy'
  /** Selectors that must all match something visible. */
  shows: string[]
  /** Signed in as the presenter. */
  presenter?: true
  /** Selectors that are pressed, one after the other, once `shows` holds. */
  press?: string[]
  /** Must be visible after that. */
  afterwards?: string[]
  /** The selector that is scrolled to the top. */
  from?: string
}

const slide = (id: string, shows: string[], theme: Picture['theme'] = 'dark'): Picture => ({
  name: `slide-${id}`,
  address: `/presentation#/${id}`,
  screen: 'laptop',
  theme,
  when: 'busy',
  shows: [`#${id}.present`, ...shows],
})

const onLaptop = (name: string, address: string, shows: string[], more: Partial<Picture> = {}): Picture => ({
  name,
  address,
  screen: 'laptop',
  theme: 'light',
  when: 'busy',
  shows,
  ...more,
})

export const pictures: Picture[] = [
  onLaptop('home', '/', ['#pools .pool', '#everyone-rows tr'], {
    when: 'calm',
    press: ['#pools .pool:nth-child(2) button'],
    afterwards: ['#mine button'],
  }),
  onLaptop('home-phone', '/', ['#pools .pool'], {
    screen: 'phone',
    when: 'calm',
    press: ['#pools .pool:nth-child(2) button'],
    afterwards: ['#mine button'],
    from: 'body',
  }),
  onLaptop('config', '/config', ['#budgets form', '#holder-rows tr'], { when: 'calm', presenter: true }),
  onLaptop('dashboard', '/dashboard', ['#tiles > *', '#traffic svg', '#recent tr']),
  onLaptop('fleet', '/fleet', ['#map', '#regions tr', '#status > *', '#vehicle-rows tr']),
  onLaptop('estate', '/estate', ['#score *', '#servers-parts *', '#open *', '#resources-trend canvas']),
  onLaptop('estate-servers', '/estate?view=servers', [
    '#servers-tiles > *',
    '#servers-trend canvas',
    '#servers-table tbody tr',
  ]),
  onLaptop(
    'estate-services',
    '/estate?view=services',
    ['#services-tiles > *', '#services-latency canvas', '#services-versions *'],
    { theme: 'dark' },
  ),
  onLaptop('overview', '/overview', ['.stops .stop', '#try']),
  slide('title', ['#join-code > *', '#joined']),
  slide('race', ['#race-root *']),
  slide('signals', ['#vehicle-plot svg', '#borrow-plot svg']),
  slide('stack', ['#stack-parts li']),
  slide('speed', ['#speed-numbers dd', '#speed-kpis dd']),
  slide('clarity', ['#clarity-mix li']),
  slide('learning', ['#budgets li']),
  slide('license-server', ['#live-pools li', '#license-plot svg']),
  onLaptop('presenter-phone', '/presenter', ['#remote-deck', '#remote-slide:not(:empty)'], {
    screen: 'phone',
    presenter: true,
    press: ['#remote-next'],
    afterwards: ['#remote-notes > *'],
    from: '#remote',
  }),
  onLaptop('presenter', '/presenter', ['#remote-deck', '#incidents > *', '#stack > *'], { presenter: true }),
  onLaptop('race', '/race', ['#race-root *', '#assumptions *']),
  onLaptop('docs', '/docs', ['#docs .opblock']),
  onLaptop('runbook', '/runbook', ['.runbook .contents a', '.runbook .sections h2']),
]
