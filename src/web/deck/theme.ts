import { byId, setText } from '../dom.ts'
import { recall, remember } from '../memory.ts'

type Theme = 'light' | 'dark'

/** Dark or light as the system has it, until somebody chooses; printed it is light. @returns the switch */
export function themeSwitch(isPrint: boolean): () => void {
  const root = document.documentElement
  const system = matchMedia('(prefers-color-scheme: light)')
  const button = byId('theme')
  const shown = (): Theme => (root.dataset.theme as Theme | undefined) ?? (system.matches ? 'light' : 'dark')
  const name = () => setText(button, shown() === 'light' ? 'Dark' : 'Light')
  const chosen = isPrint ? 'light' : recall<Theme>('deck.theme')
  if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen

  function toggle() {
    root.dataset.theme = shown() === 'light' ? 'dark' : 'light'
    remember('deck.theme', root.dataset.theme)
    name()
  }
  button.addEventListener('click', toggle)
  system.addEventListener('change', name)
  name()
  return toggle
}
