/** The page's tokens, for a canvas, which cannot read them itself. */
export interface Theme {
  ground: string
  surface: string
  line: string
  lineStrong: string
  text: string
  muted: string
  accent: string
  overage: string
  font: string
}

const tokens: Record<keyof Theme, string> = {
  ground: '--ground',
  surface: '--surface',
  line: '--line',
  lineStrong: '--line-strong',
  text: '--text',
  muted: '--muted',
  accent: '--accent',
  overage: '--overage',
  font: '--font',
}

/** Reads them now; light and dark differ. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => [name, style.getPropertyValue(token).trim()]),
  ) as unknown as Theme
}

/** Calls back when the scheme of colours changed. */
export function onTheme(changed: () => void): void {
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)'])
    matchMedia(query).addEventListener('change', changed)
}
