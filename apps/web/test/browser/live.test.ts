import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey, logIn, postSignal, type Rest } from './harness/api.ts'
import { deck, openBrowser, visitLoggedIn, type Visit } from './harness/browser.ts'
import { feedPill, go, settled } from './harness/reading.ts'

const AT_ONCE_MS = 2_000

let browser: Browser
let visitor: Visit
let page: Page
let rest: Rest

beforeAll(async () => {
  browser = await openBrowser()
  visitor = await visitLoggedIn(browser)
  page = visitor.page
  rest = await logIn()
})

afterAll(() => browser.close())

async function control(action: 'kill' | 'start'): Promise<void> {
  const { status } = await fetch(`${deck.controlUrl}/${action}`, { method: 'POST' })
  expect(status).toBe(200)
}

async function killSwitch(action: 'activate' | 'deactivate'): Promise<void> {
  const reason = 'browser suite tries the banner'
  const { status, body } = await rest.call('POST', '/v1/controls/kill-switch', { action, reason })
  expect([status, body]).toEqual([200, expect.anything()])
}

/** Everything said since a moment, in the order of the server, as a page's log must show it. */
async function expectInLogs(pages: readonly Page[], texts: readonly string[]): Promise<void> {
  for (const each of pages) {
    const log = each.getByRole('log', { name: 'Stream' })
    await log.getByText(texts.at(-1) ?? '').waitFor({ timeout: AT_ONCE_MS })
    const counts = await Promise.all(texts.map((text) => log.getByText(text, { exact: true }).count()))
    expect(counts).toEqual(texts.map(() => 1))
  }
}

describe('two browsers', () => {
  let second: Visit
  const banner = (of: Page) => of.getByRole('complementary', { name: 'Notices' }).getByRole('alert')

  beforeAll(async () => {
    second = await visitLoggedIn(await openBrowser())
  })
  afterAll(() => second.context.browser()?.close())

  it('turn red together: the other one within a second of the kill switch in the first', async () => {
    // Behind the dialog there is nothing to read.
    await Promise.all([feedIsLive(page), feedIsLive(second.page)])
    await page.keyboard.press('Shift+K')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Precaution' }).click()
    const stop = dialog.getByRole('button', { name: 'Stop everything' })
    try {
      const done = page.waitForResponse((response) => response.url().includes('killSwitch'))
      await stop.click()
      await done
      const answered = performance.now()
      await banner(second.page).waitFor({ timeout: AT_ONCE_MS })
      console.log(`the other browser was red after ${Math.round(performance.now() - answered)} ms`)
      expect(performance.now() - answered).toBeLessThan(1_000)
      await banner(page).waitFor({ timeout: AT_ONCE_MS })
    } finally {
      await killSwitch('deactivate')
    }
    await Promise.all([page, second.page].map((each) => banner(each).waitFor({ state: 'detached' })))
  })

  it('lose the server and find it again, without a reload and without a gap in the stream', async () => {
    const both = [page, second.page]
    await Promise.all(both.map((each) => go(each, '/signals', 'Signals')))
    await Promise.all(both.map((each) => each.evaluate(() => document.body.setAttribute('data-same', ''))))
    const key = await createKey(rest)
    const say = (reasoning: string) => postSignal(key, { strategy_code: 'sac_v2', signal: 'HOLD', reasoning })
    await say('before the server dies')
    await expectInLogs(both, ['before the server dies'])
    await control('kill')
    await Promise.all(both.map((each) => feedMatches(each, /Reconnecting|Offline/, 5_000)))
    await Promise.all(both.map((each) => feedMatches(each, /Offline$/, 20_000)))
    await control('start')
    // Before either page is back: what they must catch up on.
    await say('while they look for it')
    await Promise.all(both.map((each) => feedMatches(each, /Live · \d+ s$/, 40_000)))
    await say('after all are back')
    await expectInLogs(both, ['before the server dies', 'while they look for it', 'after all are back'])
    const same = await Promise.all(both.map((each) => each.locator('body[data-same]').count()))
    expect(same).toEqual([1, 1])
    visitor.watched.forget()
  })
})

async function feedMatches(of: Page, pattern: RegExp, timeout: number): Promise<void> {
  await expect.poll(() => feedPill(of).innerText(), { timeout }).toMatch(pattern)
}

const feedIsLive = (of: Page) => feedMatches(of, /Live · \d+ s$/, 15_000)

describe('a page that is open', () => {
  it('shows a posted signal within two seconds', async () => {
    await page.goto('/signals')
    await settled(page, 'Signals')
    await expect.poll(() => feedPill(page).innerText()).toMatch(/Live · \d+ s$/)
    const key = await createKey(rest)
    await postSignal(key, { strategy_code: 'sac_v2', signal: 'HOLD', reasoning: 'live suite speaks' })
    await page.getByRole('log').getByText('live suite speaks').waitFor({ timeout: AT_ONCE_MS })
    visitor.watched.expectQuiet()
  })

  it('turns red within two seconds of the kill switch, on every page, and back with its release', async () => {
    const banner = page.getByRole('complementary', { name: 'Notices' }).getByRole('alert')
    await page.goto('/orders')
    await settled(page, 'Orders')
    await expect.poll(() => feedPill(page).innerText()).toMatch(/Live · \d+ s$/)
    try {
      await killSwitch('activate')
      await banner.waitFor({ timeout: AT_ONCE_MS })
      expect(await banner.innerText()).toMatch(/Kill switch active.*browser suite tries the banner/s)
      const colour = await banner.evaluate((element) => getComputedStyle(element).backgroundColor)
      expect(colour).toBe('rgb(185, 28, 28)')
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Risk' }).click()
      await settled(page, 'Risk')
      expect(await banner.count()).toBe(1)
      expect(await page.locator('main').innerText()).toMatch(/Kill switch active/)
    } finally {
      await killSwitch('deactivate')
    }
    await banner.waitFor({ state: 'detached', timeout: AT_ONCE_MS })
    visitor.watched.expectQuiet()
  })

  it('says that the server is gone, keeps what it showed, and recovers without a reload', async () => {
    await page.goto('/positions')
    await settled(page, 'Positions')
    await page.evaluate(() => document.documentElement.setAttribute('data-same-document', ''))
    const before = await page.locator('main h1').innerText()
    await control('kill')
    await expect.poll(() => feedPill(page).innerText(), { timeout: 5_000 }).toMatch(/Reconnecting|Offline/)
    await expect.poll(() => feedPill(page).innerText(), { timeout: 20_000 }).toMatch(/Offline$/)
    await page.getByText('The API does not answer.').waitFor()
    expect(await page.locator('main h1').innerText()).toBe(before)
    expect(await page.locator('main').innerText()).toContain('Closed trades')
    await control('start')
    await expect.poll(() => feedPill(page).innerText(), { timeout: 40_000 }).toMatch(/Live · \d+ s$/)
    await page.getByText('The API does not answer.').waitFor({ state: 'detached' })
    expect(await page.locator('html[data-same-document]').count()).toBe(1)
    // The stream itself is back, not only the answers to questions.
    visitor.watched.forget()
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Signals' }).click()
    await settled(page, 'Signals')
    const key = await createKey(rest)
    await postSignal(key, { strategy_code: 'sac_v2', signal: 'HOLD', reasoning: 'live suite is back' })
    await page.getByRole('log').getByText('live suite is back').waitFor({ timeout: AT_ONCE_MS })
    expect(await page.locator('html[data-same-document]').count()).toBe(1)
    visitor.watched.expectQuiet()
  })
})
