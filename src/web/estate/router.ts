/** Views and time ranges as links: each has an address, and the browser's back button works. */
import { byId, h, setAttribute, setText } from '../dom.ts'
import {
  addressOf,
  type Place,
  placeOf,
  type Range,
  ranges,
  rangeWords,
  type View,
  views,
  viewWords,
} from './address.ts'

const isPlain = (event: MouseEvent) =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey

/** @param show is told the place at once, and each time it changes @returns where the page is */
export function route(show: (place: Place) => void): () => Place {
  let place = placeOf(location.search)
  const sections = [...document.querySelectorAll<HTMLElement>('.view')]
  const links: { link: HTMLAnchorElement; to: () => Place; isHere: () => boolean | null }[] = []

  function add(link: HTMLAnchorElement, to: () => Place, isHere: () => boolean | null) {
    links.push({ link, to, isHere })
    link.addEventListener('click', event => {
      if (!isPlain(event)) return
      event.preventDefault()
      const next = to()
      if (addressOf(next) !== addressOf(place)) history.pushState(null, '', addressOf(next))
      arrive(next)
    })
    return link
  }
  byId('views').append(
    ...views.map((view: View) =>
      h(
        'li',
        {},
        add(
          h('a', {}, viewWords[view]),
          () => ({ ...place, view }),
          () => place.view === view,
        ),
      ),
    ),
  )
  byId('ranges').append(
    ...(Object.keys(ranges) as Range[]).map(range => {
      const words = h('span', { class: 'visually-hidden' }, rangeWords[range])
      const link = h('a', {}, h('span', { 'aria-hidden': 'true' }, range), words)
      return h(
        'li',
        {},
        add(
          link,
          () => ({ ...place, range }),
          () => place.range === range,
        ),
      )
    }),
  )
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-to]')) {
    const view = views.find(view => view === link.dataset.to) ?? 'overview'
    add(
      link,
      () => ({ ...place, view }),
      () => null,
    )
  }

  function arrive(next: Place) {
    place = next
    for (const { link, to, isHere } of links) {
      setAttribute(link, 'href', addressOf(to()))
      setAttribute(link, 'aria-current', isHere() ? 'page' : null)
    }
    // On a narrow screen the links scroll: the one for here is in sight.
    const strip = byId('views').parentElement
    const here = byId('views').querySelector<HTMLElement>('[aria-current]')
    if (strip && here)
      strip.scrollLeft = here.offsetLeft - strip.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2
    for (const section of sections) section.hidden = section.dataset.view !== place.view
    for (const words of document.querySelectorAll('[data-range]')) setText(words, rangeWords[place.range])
    setText(byId('view-said'), `${viewWords[place.view]}, ${rangeWords[place.range]}`)
    document.title = `${viewWords[place.view]} · Estate · Twinloop`
    show(place)
  }
  addEventListener('popstate', () => arrive(placeOf(location.search)))
  arrive(place)
  return () => place
}
