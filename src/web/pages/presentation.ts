import { clarityPart } from '../deck/clarity-part.ts'
import { formatFor } from '../deck/formats.ts'
import { isForDeck, shortcuts } from '../deck/keys.ts'
import { learningPart } from '../deck/learning-part.ts'
import { licensePart } from '../deck/license-part.ts'
import { liveParts } from '../deck/live-parts.ts'
import { racePart } from '../deck/race-part.ts'
import { followRemote } from '../deck/remote.ts'
import { createDeck, type Deck } from '../deck/reveal.ts'
import { signalsPart } from '../deck/signals-part.ts'
import { speedPart } from '../deck/speed-part.ts'
import { stackPart } from '../deck/stack-part.ts'
import { themeSwitch } from '../deck/theme.ts'
import { titlePart } from '../deck/title-part.ts'
import { byId } from '../dom.ts'
import { startPage } from '../page.ts'
import { report } from '../report-errors.ts'

const query = new URLSearchParams(location.search)
const isPrint = query.get('view') === 'print'
// Asked before the deck writes the address of the slide that is shown.
const isSent = location.hash.length > 2
const calm = isPrint || matchMedia('(prefers-reduced-motion: reduce)').matches

/** The slides fit the screen, also when a phone is turned. @returns reveal.js options */
function fitSlides(): { width: number; height: number } {
  const { name, width, height } = isPrint ? formatFor(16, 9) : formatFor(innerWidth, innerHeight)
  document.documentElement.dataset.format = name
  document.documentElement.style.setProperty('--slide-height', `${height}px`)
  return { width, height }
}

/** The buttons of the bar turn slides; a mouse does not leave its focus, and so the keys, behind. */
function turnButtons(deck: Deck) {
  const turns = { previous: () => deck.prev(), next: () => deck.next() }
  for (const [id, turn] of Object.entries(turns))
    byId(id).addEventListener('click', event => {
      turn()
      if (event.detail > 0) byId(id).blur()
    })
}

void startPage(async () => {
  const root = document.querySelector('.reveal')
  if (!root) throw new Error('The page has no deck')
  const toggleTheme = themeSwitch(isPrint)
  const deck = await createDeck(root, {
    ...fitSlides(),
    view: isPrint ? 'print' : null,
    margin: 0,
    center: false,
    controls: false,
    hash: true,
    slideNumber: 'c/t',
    navigationMode: 'linear',
    postMessage: false,
    // The scroll view builds the slides anew as text and would cut their live parts off.
    scrollActivationWidth: 0,
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
    keyboard: shortcuts(toggleTheme),
    keyboardCondition: isForDeck,
    help: false,
    transition: calm ? 'none' : 'fade',
    transitionSpeed: 'fast',
    autoAnimate: false,
  })
  const live = liveParts({
    title: titlePart(),
    race: racePart(calm),
    signals: signalsPart(),
    stack: stackPart(),
    speed: speedPart(),
    clarity: clarityPart(),
    learning: learningPart(),
    'license-server': licensePart(),
  })
  const printable = new Promise<void>(done => deck.on('pdf-ready', done))
  await deck.initialize()
  // A document with slides, not an application that takes all keys.
  root.removeAttribute('role')
  // Until then the slides are on their way from one place of the page to another.
  if (isPrint) {
    await printable.then(live.freeze)
    if (query.has('dialog')) setTimeout(print, 300)
    return
  }
  turnButtons(deck)
  addEventListener('resize', () => deck.configure(fitSlides()))
  deck.on('slidechanged', () => live.show(deck.getCurrentSlide()))
  live.show(deck.getCurrentSlide())
  followRemote(deck, isSent, take => live.want({ stage: take })).catch(report)
})
