import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../../src/i18n/en/index.ts'
import { es } from '../../src/i18n/es/index.ts'
import { logIn } from './harness/api.ts'
import { openBrowser, visitLoggedIn, type Visit } from './harness/browser.ts'
import { firstLine, PAGES, settled } from './harness/reading.ts'

const FOLDER = process.env['SCREENSHOTS_DIR'] ?? join(tmpdir(), 'quantdeck-screenshots')
const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 320, height: 700 }

let browser: Browser
let visitor: Visit
let page: Page
let details: Record<string, string>

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true })
  browser = await openBrowser()
  visitor = await visitLoggedIn(browser, { reducedMotion: 'reduce' })
  page = visitor.page
  const rest = await logIn()
  const positions = await rest.get<{ data: { position_id: string }[] }>(
    '/v1/positions?strategy_id=momentum_v1',
  )
  const runs = await rest.get<{ data: { run_id: string }[] }>('/v1/runs?run_type=BACKTEST')
  const [position] = positions.data
  details = {
    strategy: '/strategies/momentum_v1',
    run: `/runs/${runs.data[0]?.run_id}`,
    'new-run': '/runs?new=true',
    'strategy-config': '/strategies/momentum_v1?tab=config',
    'strategy-limits': '/strategies/momentum_v1?tab=limits',
    ...Object.fromEntries(
      ['sessions', 'keys', 'webhooks', 'users', 'appearance', 'about'].map((tab) => [
        `settings-${tab}`,
        `/settings/${tab}`,
      ]),
    ),
    ...(position && { position: `/positions/${position.position_id}` }),
  }
})

afterAll(() => browser.close())

/** How far the page can be scrolled sideways, in pixels. */
function overflow(): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })
}

async function photograph(name: string): Promise<void> {
  for (const [size, label] of [[WIDE, '1440'] as const, [NARROW, '320'] as const]) {
    await page.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await settled(page)
      await expect.poll(overflow, { timeout: 5_000, message: `${name} at ${label} px` }).toBe(0)
      const path = join(FOLDER, `${name}-${colorScheme}-${label}.png`)
      await page.screenshot({ path, fullPage: true, animations: 'disabled' })
    }
  }
}

describe('every page', () => {
  it('of the navigation fits 1440 and 320 px, light and dark, under its heading', async () => {
    for (const [name, path] of Object.entries(PAGES)) {
      await page.goto(path)
      await settled(page, name)
      await photograph(name.toLowerCase().replace(' ', '-'))
    }
    visitor.watched.expectQuiet()
  }, 120_000)

  it('behind them does too', async () => {
    for (const [name, path] of Object.entries(details)) {
      await page.goto(path)
      await settled(page)
      await photograph(name)
    }
    visitor.watched.expectQuiet()
  }, 60_000)

  it('speaks Spanish from the first word when asked to, and no English in the navigation', async () => {
    await page.setViewportSize(WIDE)
    const english = Object.values(en.nav).filter((word) => !Object.values(es.nav).includes(word))
    for (const path of Object.values(PAGES)) {
      await page.goto(`${path}?lang=es`)
      await settled(page)
      expect(await page.locator('html').getAttribute('lang')).toBe('es')
      const labels = await page.getByRole('navigation', { name: es.nav.main }).locator('ul a').allInnerTexts()
      const words = labels.map(firstLine)
      expect(words.filter((word) => english.includes(word as never))).toEqual([])
      expect(words).toContain(await page.getByRole('heading', { level: 1 }).innerText())
    }
    visitor.watched.expectQuiet()
  })
})
