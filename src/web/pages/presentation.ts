import { liveSlide } from '../deck/live-slide.ts'
import { createDeck } from '../deck/reveal.ts'
import { byId, setText } from '../dom.ts'
import { startPage } from '../page.ts'

void startPage(async () => {
  for (const id of ['address', 'address-again']) setText(byId(id), location.host)
  const root = document.querySelector('.reveal')
  if (!root) throw new Error('The page has no deck')
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  const deck = await createDeck(root, {
    // A phone held upright gets upright slides.
    ...(innerHeight > innerWidth ? { width: 720, height: 1280 } : { width: 1280, height: 720 }),
    margin: 0.06,
    hash: true,
    slideNumber: 'c/t',
    navigationMode: 'linear',
    postMessage: false,
    // The scroll view builds the slides anew as text and would cut their live parts off.
    scrollActivationWidth: 0,
    transition: calm ? 'none' : 'slide',
    transitionSpeed: 'fast',
    autoAnimate: !calm,
  })
  await deck.initialize()
  // A document with slides, not an application that takes all keys.
  root.removeAttribute('role')
  const show = liveSlide()
  deck.on('slidechanged', ({ currentSlide }) => show(currentSlide))
  show(deck.getCurrentSlide())
})
