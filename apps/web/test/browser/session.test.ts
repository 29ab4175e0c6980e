import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deck, enter, openBrowser, visit, type Visit } from './harness/browser.ts'
import { settled } from './harness/reading.ts'

let browser: Browser
let visitor: Visit
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  visitor = await visit(browser)
  page = visitor.page
})

afterEach(() => visitor.context.close())

describe('a session', () => {
  it('does not begin with a wrong password: the page repeats the words of the API', async () => {
    await page.goto('/login')
    await enter(page, 'not the password')
    await page.getByRole('alert').waitFor()
    const answer = await fetch(`${deck.url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'nobody@example.com', password: 'not the password' }),
    })
    const { detail } = (await answer.json()) as { detail: string }
    expect([answer.status, await page.getByRole('alert').innerText()]).toEqual([401, detail])
    expect(visitor.watched.failures).toEqual([expect.stringMatching(/^401 .*session\.login/)])
    await enter(page)
    await settled(page, 'Overview')
  })

  it('does not begin after five wrong passwords: the page counts the wait down', async () => {
    await page.goto('/login')
    // Somebody who does not exist: the limit is the same, and nobody else of the suite is locked out.
    for (let tries = 1; tries <= 5; tries += 1) {
      const answered = page.waitForResponse((response) => response.url().includes('session.login'))
      await enter(page, 'not the password', 'locked-out@example.com')
      await answered
    }
    await enter(page, 'not the password', 'locked-out@example.com')
    await page
      .getByRole('alert')
      .getByText(/\b1[0-5]:\d\d\b/)
      .waitFor()
    expect(visitor.watched.failures.at(-1)).toMatch(/^429 .*session\.login/)
    const words = await page.getByRole('alert').innerText()
    await expect.poll(() => page.getByRole('alert').innerText(), { timeout: 5_000 }).not.toBe(words)
    expect(await page.getByRole('button', { name: 'Log in' }).isDisabled()).toBe(true)
    // The owner of another account is not held up.
    await page.reload()
    await enter(page)
    await settled(page, 'Overview')
  })

  it('survives a reload, with the token in no storage that a script can read', async () => {
    await page.goto('/login')
    await enter(page)
    await settled(page, 'Overview')
    await page.reload()
    await settled(page, 'Overview')
    const storage = await page.evaluate(() =>
      JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
    )
    expect(storage).not.toMatch(/eyJ|qr_/)
    visitor.watched.expectQuiet()
  })

  it('ends with the log out: neither the page nor a reload shows anything but the login', async () => {
    await page.goto('/login')
    await enter(page)
    await settled(page, 'Overview')
    await page.getByRole('button', { name: 'Account menu' }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    await settled(page, 'Log in')
    await page.goto('/orders')
    await settled(page, 'Log in')
    visitor.watched.expectQuiet()
  })

  it('goes on where a deep link pointed', async () => {
    await page.goto('/runs?type=BACKTEST')
    await settled(page, 'Log in')
    expect(new URL(page.url()).searchParams.get('next')).toBe('/runs?type=BACKTEST')
    await enter(page)
    await settled(page, 'Runs')
    expect(page.url()).toBe(`${new URL(deck.url).origin}/runs?type=BACKTEST`)
    visitor.watched.expectQuiet()
  })

  it('never leaves the house for a next address, neither at the log in nor after it', async () => {
    const home = `${new URL(deck.url).origin}/`
    for (const next of ['//example.com', String.raw`/\example.com`, 'https://example.com']) {
      await page.goto(`/login?next=${encodeURIComponent(next)}`)
      if (next === '//example.com') await enter(page)
      await settled(page, 'Overview')
      expect(page.url()).toBe(home)
    }
    visitor.watched.expectQuiet()
  })

  it('shows an unknown address inside the shell, with the way back', async () => {
    await page.goto('/login?next=/no/such/page')
    await enter(page)
    await settled(page, 'This page does not exist')
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    await page.getByRole('link', { name: 'Go to the overview' }).click()
    await settled(page, 'Overview')
    visitor.watched.expectQuiet()
  })
})
