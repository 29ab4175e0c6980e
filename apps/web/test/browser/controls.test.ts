import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey, logIn, postSignal } from './harness/api.ts'
import { deck, openBrowser, visitLoggedIn, type Visit } from './harness/browser.ts'
import {
  type Admins,
  endLiveStrategy,
  heldBy,
  LIVE_PRICE,
  LIVE_STRATEGY,
  LIVE_SYMBOLS,
  openPositions,
  startLiveStrategy,
  stopLiveStrategy,
  stopsOf,
} from './harness/live-strategy.ts'
import { go } from './harness/reading.ts'

const SOON = { timeout: 10_000 }
const CONFIRM = `Type ${LIVE_STRATEGY} to confirm`
const [FIRST, SECOND] = LIVE_SYMBOLS

let browser: Browser
let first: Visit
let second: Visit
let admins: Admins

beforeAll(async () => {
  browser = await openBrowser()
  const rests = await Promise.all([logIn(), logIn(deck.approver)])
  admins = { admin: rests[0], approver: rests[1] }
  await startLiveStrategy(admins)
  first = await visitLoggedIn(browser)
  // A browser of its own: one draws the page in front only.
  second = await visitLoggedIn(await openBrowser(), {}, deck.approver)
})

afterAll(async () => {
  await endLiveStrategy(admins)
  await Promise.all([browser.close(), second.context.browser()?.close()])
})

const dialog = (page: Page) => page.getByRole('dialog')
const stops = () => stopsOf(admins.admin)
const openControls = (page: Page) => go(page, '/controls', 'Controls')

/** Its line among what is stopped. */
const stopped = (page: Page): Locator =>
  page
    .locator('main li', { has: page.getByRole('button', { name: 'Close positions…' }) })
    .filter({ hasText: LIVE_STRATEGY })

function expectQuiet(): void {
  for (const { watched } of [first, second]) watched.expectQuiet()
}

describe('the release of a stop that holds a LIVE strategy', () => {
  const request = (page: Page) =>
    page
      .getByRole('region', { name: 'Releases that wait for another admin' })
      .getByRole('listitem')
      .filter({ hasText: LIVE_STRATEGY })

  it('is asked for by one admin, who cannot approve it', async () => {
    const { page } = first
    await stopLiveStrategy(admins, 'four eyes drill')
    await openControls(page)
    await stopped(page).getByRole('button', { name: 'Release…' }).click()
    await dialog(page).getByText('trades again').waitFor()
    await dialog(page).getByLabel(CONFIRM).fill(LIVE_STRATEGY)
    await dialog(page).getByLabel('Reason').fill('looked at it')
    await dialog(page).getByLabel('Password').fill(deck.password)
    await dialog(page).getByRole('button', { name: 'Release', exact: true }).click()
    await dialog(page).waitFor({ state: 'detached' })
    await page.getByText('another admin has to approve it here').waitFor()
    await request(page).getByText('“looked at it”').waitFor()
    await request(page).getByText(`trades again LIVE: ${LIVE_STRATEGY}`).waitFor()
    const approve = request(page).getByRole('button', { name: 'Approve…' })
    expect([await approve.isDisabled(), await approve.getAttribute('title')]).toEqual([
      true,
      'You asked for this yourself: another admin has to approve it.',
    ])
    expect(await stops()).toEqual(['HALTED manual'])
    expectQuiet()
  })

  it('is done by the other one, with a password, and both see it', async () => {
    const { page, watched } = second
    await openControls(page)
    await request(page).getByText('“looked at it”').waitFor()
    await request(page).getByRole('button', { name: 'Approve…' }).click()
    const approve = dialog(page).getByRole('button', { name: 'Approve and release' })
    await dialog(page).getByText('Live', { exact: true }).waitFor()
    await dialog(page).getByText(`Asked for by ${deck.email}.`).waitFor()
    await dialog(page).getByText('trades again').waitFor()
    expect(await approve.isDisabled()).toBe(true)
    await dialog(page).getByLabel('Password').fill('not the password')
    await approve.click()
    await dialog(page).getByText('That is not your password.').waitFor()
    expect(await stops()).toEqual(['HALTED manual'])
    watched.forget()
    await dialog(page).getByLabel('Password').fill(deck.approver.password)
    await approve.click()
    await dialog(page).waitFor({ state: 'detached' })
    await page.getByText(`Released: ${LIVE_STRATEGY}`).waitFor()
    for (const each of [page, first.page]) {
      await stopped(each).waitFor({ state: 'detached' })
      await request(each).waitFor({ state: 'detached' })
    }
    expect(await stops()).toEqual([])
    expectQuiet()
  })
})

describe('the execution throttle', () => {
  const setThrottle = async (limits: object) => {
    const body = { limits, reason: 'browser suite' }
    const { status } = await admins.admin.call('PUT', `/v1/strategies/${LIVE_STRATEGY}/limits`, body)
    expect(status).toBe(200)
  }

  it('stops a strategy until a person re-arms it, with a reason', async () => {
    const { page } = first
    const key = await createKey(admins.admin)
    const say = (symbol: string, signal: string) =>
      postSignal(key, {
        strategy_code: LIVE_STRATEGY,
        ...{ symbol, signal, size: 0.1, stop_loss: LIVE_PRICE * 0.95 },
      })
    await setThrottle({ execution_throttle: 1 })
    expect((await say(FIRST, 'LONG')).outcome).toBe('ORDERS')
    await expect.poll(stops, SOON).toEqual(['REDUCING execution_throttle'])
    expect((await say(SECOND, 'LONG')).outcome).toBe('REFUSED')
    await openControls(page)
    await stopped(page).getByText('waits for a person to re-arm it').waitFor()
    await stopped(page).getByRole('button', { name: 'Re-arm…' }).click()
    const rearm = dialog(page).getByRole('button', { name: 'Re-arm', exact: true })
    expect(await rearm.isDisabled()).toBe(true)
    await dialog(page).getByLabel('Reason').fill('one was as meant')
    await rearm.click()
    await dialog(page).waitFor({ state: 'detached' })
    await stopped(page).waitFor({ state: 'detached' })
    expect(await stops()).toEqual([])
    expect((await say(SECOND, 'LONG')).outcome).toBe('ORDERS')
    await setThrottle({})
    for (const symbol of LIVE_SYMBOLS) await say(symbol, 'CLOSE')
    await expect.poll(() => heldBy(admins.admin), SOON).toEqual([])
    expectQuiet()
  })
})

describe('closing what a halted LIVE strategy holds', () => {
  it('says what goes, waits for its name, and follows every order until nothing is held', async () => {
    const { page } = first
    const held = await openPositions(admins)
    await stopLiveStrategy(admins, 'out of it')
    await openControls(page)
    await stopped(page).getByRole('button', { name: 'Close positions…' }).click()
    await dialog(page).getByText('2 open positions, worth $1,700.00, are closed:').waitFor()
    const list = dialog(page).getByRole('list', { name: 'Positions' }).getByRole('listitem')
    const lines = (await list.allInnerTexts()).map((text) => text.split(/\s+/).join(' ')).sort()
    expect(lines).toEqual([
      `LIVE ${SECOND} −5 ${LIVE_STRATEGY} −$500.00`,
      `LIVE ${FIRST} 12 ${LIVE_STRATEGY} $1,200.00`,
    ])
    const close = dialog(page).getByRole('button', { name: 'Close all positions' })
    await dialog(page).getByLabel('Reason').fill('out')
    await dialog(page).getByLabel(CONFIRM).fill('four_eyes')
    expect(await close.isDisabled()).toBe(true)
    expect(await heldBy(admins.admin)).toEqual(held)
    await dialog(page).getByLabel(CONFIRM).fill(LIVE_STRATEGY)
    await close.click()
    await expect
      .poll(() => dialog(page).innerText(), SOON)
      .toContain('2 of 2 closed. Nothing is held any more.')
    for (const [symbol, quantity] of [
      [FIRST, '12'],
      [SECOND, '5'],
    ] as const) {
      const line = dialog(page).getByRole('listitem').filter({ hasText: symbol })
      expect(await line.innerText()).toMatch(new RegExp(`Closed.*0 left of −?${quantity}$`, 's'))
    }
    expect(await heldBy(admins.admin)).toEqual([])
    // Closing releases nothing.
    expect(await stops()).toEqual(['HALTED manual'])
    await dialog(page).getByRole('button', { name: 'Close', exact: true }).click()
    await dialog(page).waitFor({ state: 'detached' })
    expectQuiet()
  })
})
