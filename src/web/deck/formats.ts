/** How the slides are laid out: for the screen they are on. */
export interface Format {
  name: 'wide' | 'classic' | 'upright'
  width: number
  height: number
}

/** 16:9, 4:3, or a phone held upright, whose slides are as tall as the phone. */
export function formatFor(width: number, height: number): Format {
  const ratio = width / height
  if (ratio >= 1.5) return { name: 'wide', width: 1280, height: 720 }
  if (ratio >= 1) return { name: 'classic', width: 1120, height: 840 }
  return { name: 'upright', width: 720, height: Math.round(Math.min(1600, Math.max(1180, 720 / ratio))) }
}
