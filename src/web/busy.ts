import { setAttribute } from './dom.ts'

/**
 * Makes a button run one thing at a time. It stays focusable meanwhile, so the keyboard keeps its place;
 * a key that is held down presses once.
 * @param restMs a press that follows sooner, or as a double click, is the same press: for what costs something
 */
export function onPress(button: HTMLButtonElement, action: () => Promise<void>, restMs = 0): void {
  let pressedAt = Number.NEGATIVE_INFINITY
  button.addEventListener('keydown', event => {
    if (event.repeat && event.key === 'Enter') event.preventDefault()
  })
  button.addEventListener('click', async event => {
    const isSamePress = restMs > 0 && (event.detail > 1 || event.timeStamp - pressedAt < restMs)
    if (isSamePress || button.getAttribute('aria-disabled') === 'true') return
    pressedAt = event.timeStamp
    setAttribute(button, 'aria-disabled', 'true')
    try {
      await action()
    } finally {
      setAttribute(button, 'aria-disabled', null)
    }
  })
}
