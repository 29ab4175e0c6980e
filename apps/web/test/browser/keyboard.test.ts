import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, type Rest } from './harness/api.ts'
import { deck, openBrowser, visit, type Visit } from './harness/browser.ts'
import { PAGES, settled } from './harness/reading.ts'

const MOST_STOPS = 80

let browser: Browser
let visitor: Visit
let page: Page
let rest: Rest

beforeAll(async () => {
  browser = await openBrowser()
  visitor = await visit(browser)
  page = visitor.page
  rest = await logIn()
})

afterAll(() => browser.close())

interface Stop {
  name: string
  /** Whether the eye finds it: an outline, a ring, or a border of its own. */
  isMarked: boolean
}

/** Where the focus is, by the name that a screen reader would say, digits left out. */
function focused(): Promise<Stop> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const labels =
      element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels : null
    // After the last stop the focus leaves the page before it begins anew.
    if (!element.matches(':focus') || element === document.body) return { name: 'BODY', isMarked: false }
    const words =
      element.getAttribute('aria-label') ??
      (labels?.[0]?.innerText || element.innerText || element.getAttribute('title') || element.tagName)
    const style = getComputedStyle(element)
    return {
      name: words.split('\n')[0]?.trim().replaceAll(/\d+/g, '#') ?? '',
      isMarked: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none',
    }
  })
}

/** Presses Tab until the focus is there; each stop on the way has to be visible. */
async function tabTo(name: RegExp): Promise<void> {
  const met: string[] = []
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    await page.keyboard.press('Tab')
    const stop = await focused()
    met.push(stop.name)
    if (stop.name !== 'BODY') expect(stop).toEqual({ name: stop.name, isMarked: true })
    if (name.test(stop.name)) return
  }
  throw new Error(`Tab never reached ${String(name)}, only:\n${met.join('\n')}`)
}

// One person without a mouse.
describe('the keyboard alone', { timeout: 120_000 }, () => {
  it('logs in', async () => {
    await page.goto('/login')
    await page.locator('main h1').waitFor()
    await tabTo(/^E-mail$/)
    await page.keyboard.type(deck.email)
    await tabTo(/^Password$/)
    await page.keyboard.type(deck.password)
    await page.keyboard.press('Enter')
    await settled(page, 'Overview')
    visitor.watched.expectQuiet()
  })

  it('meets the shell in the order of the eye, the way past it first', async () => {
    const names: string[] = []
    // From the top, wherever the focus has been: it goes on from where something that had it was taken away.
    await page.evaluate(() => {
      const top = document.createElement('button')
      document.body.prepend(top)
      top.focus()
      top.remove()
    })
    while (names.at(-1) !== 'Account menu' && names.length < MOST_STOPS) {
      await page.keyboard.press('Tab')
      names.push((await focused()).name)
    }
    expect(names).toEqual([
      'Skip to content',
      ...Object.keys(PAGES),
      'API reference',
      'Collapse navigation',
      'Trading mode',
      'Search…',
      '#:#:#',
      'Risk status:',
      'Signal feed:',
      '# unacknowledged alerts',
      'es: Español',
      'Switch between light and dark',
      'Account menu',
    ])
  })

  it('changes the period, reads the chart as a table and reaches the first filter', async () => {
    await page.keyboard.press(']')
    await page.waitForURL(/period=3m/)
    await page.keyboard.press('[')
    await page.waitForURL(/period=1m/)
    await page.keyboard.press('v')
    await page.locator('main').getByRole('button', { name: 'Show as chart' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await settled(page, 'Signals')
    await page.keyboard.press('/')
    expect((await focused()).name).toMatch(/^Strategy/)
    // A key typed into a list is the list's own.
    await page.keyboard.press('Shift+Tab')
  })

  it('starts a backtest', async () => {
    await page.keyboard.press('n')
    await page.getByRole('dialog', { name: 'New backtest' }).waitFor()
    const strategy = page.getByRole('dialog').getByLabel('Strategy')
    await strategy.locator('option[value=momentum_v1]').waitFor({ state: 'attached' })
    await tabTo(/^Strategy$/)
    await page.keyboard.type('Mom')
    await expect.poll(() => strategy.inputValue()).toBe('momentum_v1')
    await tabTo(/^Start backtest$/)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/)
    await page.locator('main').getByText('Completed', { exact: true }).first().waitFor({ timeout: 45_000 })
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  })

  it('acknowledges an alert', async () => {
    const unread = async () =>
      (await rest.get<{ meta: { total_count: number } }>('/v1/alerts?acknowledged=false&per_page=1')).meta
        .total_count
    const before = await unread()
    expect(before).toBeGreaterThan(0)
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await settled(page, 'Alerts')
    await tabTo(/^Acknowledge$/)
    await page.keyboard.press('Enter')
    await expect.poll(unread).toBeLessThan(before)
  })

  it('opens help, leaves it with Escape, and is back where it was', async () => {
    await tabTo(/^Strategies$/)
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(async () => (await focused()).name).toBe('Strategies')
  })

  it('pulls the kill switch, and is told at once', async () => {
    await page.keyboard.press('Shift+K')
    await page.getByRole('dialog').waitFor()
    try {
      await tabTo(/^Precaution$/)
      await page.keyboard.press('Enter')
      await tabTo(/^Stop everything$/)
      await page.keyboard.press('Enter')
      await page.getByRole('complementary', { name: 'Notices' }).getByRole('alert').waitFor()
    } finally {
      const reason = 'the keyboard suite is done'
      await rest.call('POST', '/v1/controls/kill-switch', { action: 'deactivate', reason })
    }
    visitor.watched.expectQuiet()
  })
})
