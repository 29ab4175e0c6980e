import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'
export type Language = 'en' | 'es'
/** Which two colours mean gain and loss. */
export type ColourPair = 'green-red' | 'red-green' | 'blue-orange'
export type ClockZone = 'UTC' | 'America/Bogota' | 'local'

/** How numbers are written: as the language does, or by their own signs. */
export type NumberStyle = 'language' | 'point' | 'comma'

export interface Preferences {
  theme: Theme
  language: Language
  pair: ColourPair
  zone: ClockZone
  hideAmounts: boolean
  navCollapsed: boolean
  /** Shortcuts of a single key; those with Ctrl or Cmd always work. */
  singleKeys: boolean
  numbers: NumberStyle
  /** Of new signals: a sound, a message of the desktop, words for a screen reader. */
  sound: boolean
  desktop: boolean
  spoken: boolean
}

/** Also read by public/appearance.js before the first paint. */
const STORAGE_KEY = 'quantdeck.preferences'

const listeners = new Set<() => void>()
const darkQuery = window.matchMedia('(prefers-color-scheme: dark)')
/**
 * What the system wants, as last told. Asking the query itself in between would lose the change: Chromium tells of one
 * only if nobody has read `matches` since.
 */
let systemIsDark = darkQuery.matches
let current = read()

function defaults(): Preferences {
  return {
    theme: 'system',
    language: navigator.language.toLowerCase().startsWith('es') ? 'es' : 'en',
    pair: 'green-red',
    zone: 'local',
    hideAmounts: false,
    navCollapsed: false,
    singleKeys: true,
    numbers: 'language',
    sound: false,
    desktop: false,
    spoken: false,
  }
}

function read(): Preferences {
  const asked = new URLSearchParams(window.location.search).get('lang')
  const language = asked === 'en' || asked === 'es' ? { language: asked } : {}
  try {
    const stored = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Preferences>
    return { ...defaults(), ...stored, ...language } as Preferences
  } catch {
    return { ...defaults(), ...language } as Preferences
  }
}

function save(value: Preferences): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(value))
  } catch {
    // Storage is off or full: the choice holds until the page is closed.
  }
}

export function isDark(): boolean {
  return current.theme === 'dark' || (current.theme === 'system' && systemIsDark)
}

function apply(): void {
  const root = document.documentElement
  root.classList.toggle('dark', isDark())
  root.dataset['pair'] = current.pair
  root.lang = current.language
}

function announce(): void {
  apply()
  for (const listener of listeners) listener()
}

export function getPreferences(): Preferences {
  return current
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change }
  save(current)
  announce()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, getPreferences)
}

/** True while the dark palette is on, whatever decided it. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDark)
}

darkQuery.addEventListener('change', ({ matches }) => {
  systemIsDark = matches
  announce()
})
apply()
