import { beforeAll, describe, expect, it, vi } from 'vitest'
import type * as Preferences from './preferences.ts'

/** As Chromium does it: a change is told with the next frame, unless somebody has read the new value before. */
class ColourScheme {
  #isDark = false
  #known = false
  #listener: ((event: { matches: boolean }) => void) | undefined

  get matches(): boolean {
    this.#known = this.#isDark
    return this.#isDark
  }

  addEventListener(_type: string, listener: (event: { matches: boolean }) => void): void {
    this.#listener = listener
  }

  change(isDark: boolean): void {
    this.#isDark = isDark
  }

  nextFrame(): void {
    if (this.#known === this.#isDark) return
    this.#known = this.#isDark
    this.#listener?.({ matches: this.#isDark })
  }
}

const system = new ColourScheme()
const classes = new Map<string, boolean>()
let preferences: typeof Preferences

beforeAll(async () => {
  const classList = { toggle: (name: string, on: boolean) => classes.set(name, on) }
  vi.stubGlobal('window', { matchMedia: () => system, location: { search: '' } })
  vi.stubGlobal('navigator', { language: 'en-US' })
  vi.stubGlobal('localStorage', { getItem: () => null, setItem() {} })
  vi.stubGlobal('document', { documentElement: { classList, dataset: {} } })
  preferences = await import('./preferences.ts')
})

describe('the theme', () => {
  it("follows the system's, though a page is drawn between its change and the news of it", () => {
    expect(classes.get('dark')).toBe(false)
    for (const isDark of [true, false, true]) {
      system.change(isDark)
      preferences.isDark()
      system.nextFrame()
      expect([preferences.isDark(), classes.get('dark')]).toEqual([isDark, isDark])
    }
  })

  it('stays what somebody chose, whatever the system wants', () => {
    preferences.setPreferences({ theme: 'light' })
    system.change(false)
    system.nextFrame()
    system.change(true)
    system.nextFrame()
    expect([preferences.isDark(), classes.get('dark')]).toEqual([false, false])
  })
})
