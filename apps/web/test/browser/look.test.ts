import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn } from './harness/api.ts'
import { openBrowser, visitLoggedIn, type Visit } from './harness/browser.ts'
import { findDetails } from './harness/pages.ts'
import { go, PAGES, settled } from './harness/reading.ts'

/** Photographs for the eye, where somebody wants them: they take longer than the looking. */
const FOLDER = process.env['SCREENSHOTS_DIR']
const SIZES = [
  { width: 320, height: 700 },
  { width: 1280, height: 800 },
  { width: 2560, height: 1300 },
]

let browser: Browser
let visitor: Visit
let page: Page
let details: Record<string, string>

beforeAll(async () => {
  if (FOLDER !== undefined) mkdirSync(FOLDER, { recursive: true })
  browser = await openBrowser()
  visitor = await visitLoggedIn(browser, { reducedMotion: 'reduce' })
  page = visitor.page
  details = await findDetails(await logIn())
})

afterAll(() => browser.close())

/** How far the page can be scrolled sideways, in pixels. */
function overflow(): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })
}

async function expectFit(name: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size)
    await settled(page)
    await expect.poll(overflow, { timeout: 5_000, message: `${name} at ${size.width} px` }).toBe(0)
    if (FOLDER !== undefined) await photograph(join(FOLDER, `${name}-${size.width}`))
  }
}

async function photograph(path: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: `${path}-${colorScheme}.png`, fullPage: true, animations: 'disabled' })
  }
}

describe('every page', () => {
  it('of the navigation fits 320, 1280 and 2560 px under its heading', { timeout: 180_000 }, async () => {
    for (const [name, path] of Object.entries(PAGES)) {
      await go(page, path, name)
      await expectFit(name.toLowerCase().replace(' ', '-'))
    }
    visitor.watched.expectQuiet()
  })

  it('behind them does too', { timeout: 180_000 }, async () => {
    for (const [name, path] of Object.entries(details)) {
      await go(page, path)
      await expectFit(name)
    }
    visitor.watched.expectQuiet()
  })
})
