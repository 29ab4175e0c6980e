import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deck, openBrowser, visitLoggedIn, type Visit } from './harness/browser.ts'
import { card, firstLine, go, PAGES, settled } from './harness/reading.ts'

let browser: Browser
let visitor: Visit
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
  visitor = await visitLoggedIn(browser)
  page = visitor.page
})

afterAll(() => browser.close())

describe('an address', () => {
  it('of each link of the navigation answers 200 and leads to the page that it names', async () => {
    const links = page.getByRole('navigation', { name: 'Main' }).locator('ul').getByRole('link')
    const found = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
    const names = (await links.allInnerTexts()).map(firstLine)
    expect(names).toEqual(Object.keys(PAGES))
    for (const [index, href] of found.entries()) {
      const { status, headers } = await fetch(new URL(href, deck.url), { headers: { accept: 'text/html' } })
      expect([href, status, headers.get('content-type')]).toEqual([
        href,
        200,
        expect.stringMatching(/^text\/html/),
      ])
      await links.nth(index).click()
      await settled(page, names[index])
      expect(new URL(page.url()).pathname).toBe(PAGES[names[index] as keyof typeof PAGES])
    }
    visitor.watched.expectQuiet()
  })

  it('holds the period and the mode: a reload and the way back find them again', async () => {
    const pressed = () => page.getByRole('group', { name: 'Period' }).getByRole('button', { pressed: true })
    await go(page, '/?mode=PAPER', 'Overview')
    await page.getByRole('group', { name: 'Period' }).getByRole('button', { name: '3m' }).click()
    await expect.poll(() => new URL(page.url()).searchParams.get('period')).toBe('3m')
    await page.reload()
    await settled(page, 'Overview')
    expect(await pressed().innerText()).toMatch(/3m/i)
    await card(page, 'Closed trades').waitFor()
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Risk' }).click()
    await settled(page, 'Risk')
    expect(new URL(page.url()).search).toBe('?mode=PAPER')
    await page.goBack()
    await settled(page, 'Overview')
    expect(await pressed().innerText()).toMatch(/3m/i)
    expect(new URL(page.url()).search).toBe('?mode=PAPER&period=3m')
    visitor.watched.expectQuiet()
  })

  it('with filters that nobody knows is a page without filters, not an error', async () => {
    await go(page, '/orders?status=NOPE&from=yesterday&page=-3', 'Orders')
    await page
      .getByRole('table')
      .or(page.getByRole('list', { name: 'Orders' }))
      .first()
      .waitFor()
    visitor.watched.expectQuiet()
  })
})
