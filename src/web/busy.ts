import { setAttribute } from './dom.ts'

/** Makes a button run one thing at a time. It stays focusable meanwhile, so the keyboard keeps its place. */
export function onPress(button: HTMLButtonElement, action: () => Promise<void>): void {
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true') return
    setAttribute(button, 'aria-disabled', 'true')
    try {
      await action()
    } finally {
      setAttribute(button, 'aria-disabled', null)
    }
  })
}
