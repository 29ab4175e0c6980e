import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey, logIn, postSignal, type Rest, type SignalResult } from './harness/api.ts'
import { deck, openBrowser, visit, type Visit } from './harness/browser.ts'
import { expectReadable, firstLine, PAGES, settled } from './harness/reading.ts'

/** The body that the v1 document shows for POST /v1/runs. */
const DOCUMENTED_RUN = {
  strategy_id: 'momentum_v1',
  start_date: '2024-01-01',
  end_date: '2025-12-31',
  initial_capital: '100000.00',
}

interface Run {
  data: { run_id: string; status: string; report_url: string | null; total_trades: number }
}

let browser: Browser
let newcomer: Visit
let page: Page
let rest: Rest

beforeAll(async () => {
  browser = await openBrowser()
  newcomer = await visit(browser)
  page = newcomer.page
  rest = await logIn()
})

afterAll(() => browser.close())

/** The tabs of a result and what stands in them. */
const RESULT = {
  'By period': ['Monthly returns', 'Annual returns'],
  Trades: ['Trades'],
  Summary: ['Result', 'Equity and drawdown', 'Assumptions'],
}

/** Waits until the run's page says that it is done, and reads it. */
async function expectCompletedRun(): Promise<void> {
  const main = page.locator('main')
  await main.getByText('Completed', { exact: true }).first().waitFor({ timeout: 45_000 })
  await main.getByRole('img', { name: /^Equity from \$100,000\.00/ }).waitFor()
  for (const [tab, titles] of Object.entries(RESULT)) {
    await main.getByRole('link', { name: tab, exact: true }).click()
    for (const title of titles) {
      await main.getByRole('heading', { level: 2, name: title, exact: true }).waitFor()
    }
    await settled(page)
    await expectReadable(page)
  }
}

// One person's first ten minutes, in their order, in one browser.
describe('a newcomer', () => {
  it('logs in by the link that the start printed, and it leaves no trace in the address', async () => {
    await page.goto(deck.link)
    await settled(page, 'Overview')
    expect(page.url()).toBe(`${new URL(deck.url).origin}/`)
    await expectReadable(page)
    newcomer.watched.expectQuiet()
  })

  it('reads every page of the navigation', async () => {
    const nav = page.getByRole('navigation', { name: 'Main' })
    const names = await nav.locator('ul').getByRole('link').allInnerTexts()
    expect(names.map(firstLine)).toEqual(Object.keys(PAGES))
    for (const [name, path] of Object.entries(PAGES)) {
      await nav.getByRole('link', { name }).click()
      await settled(page, name)
      expect(new URL(page.url()).pathname).toBe(path)
      await expectReadable(page)
    }
    newcomer.watched.expectQuiet()
  })

  it('switches through every period of the overview', async () => {
    await page.goto('/')
    const periods = page.getByRole('group', { name: 'Period' })
    for (const period of ['1d', '1w', '1m', '3m', '1y', 'all']) {
      await periods.getByRole('button', { name: period }).click()
      await expect.poll(() => new URL(page.url()).searchParams.get('period')).toBe(period)
      expect(await periods.getByRole('button', { pressed: true }).innerText()).toMatch(
        new RegExp(period, 'i'),
      )
      await settled(page, 'Overview')
      await page
        .locator('main')
        .getByRole('img', { name: /^Equity from/ })
        .waitFor()
      await expectReadable(page)
    }
    newcomer.watched.expectQuiet()
  })

  it('starts a backtest on the page, watches it complete and opens its report', async () => {
    await page.goto('/runs')
    await page.getByRole('button', { name: 'New backtest' }).click()
    const sheet = page.getByRole('dialog', { name: 'New backtest' })
    await sheet.getByLabel('Strategy').selectOption(DOCUMENTED_RUN.strategy_id)
    await sheet.getByLabel('Start date').fill(DOCUMENTED_RUN.start_date)
    await sheet.getByLabel('End date').fill(DOCUMENTED_RUN.end_date)
    await sheet.getByLabel('Initial capital').fill(DOCUMENTED_RUN.initial_capital)
    await sheet.getByRole('button', { name: 'Start backtest' }).click()
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/)
    await expectCompletedRun()
    const opening = newcomer.context.waitForEvent('page')
    await page.getByRole('link', { name: 'Open report' }).click()
    const report = await opening
    await report.getByRole('heading', { level: 1 }).waitFor()
    expect(await report.locator('body').innerText()).toContain('momentum_v1')
    await report.close()
    newcomer.watched.expectQuiet()
  })

  it('starts the same with the literal body of the document, over HTTP, and finds it on the page', async () => {
    const { status, body } = await rest.call<Run>('POST', '/v1/runs', DOCUMENTED_RUN)
    expect([status, body.data]).toEqual([202, expect.objectContaining({ status: 'RUNNING' })])
    await page.goto(`/runs/${body.data.run_id}`)
    await expectCompletedRun()
    const run = await rest.get<Run>(`/v1/runs/${body.data.run_id}`)
    expect(run.data).toMatchObject({ status: 'COMPLETED', report_url: expect.any(String) })
    const report = await fetch(run.data.report_url ?? '')
    expect([report.status, report.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/text\/html/),
    ])
    newcomer.watched.expectQuiet()
  })

  it('posts signals with an API key and sees what became of each, a refusal in words', async () => {
    await page.goto('/signals')
    await settled(page, 'Signals')
    const key = await createKey(rest)
    const hold = await postSignal(key, { signal: 'HOLD', reasoning: 'newcomer waits' })
    expect(hold).toMatchObject({ outcome: 'NO_ACTION', violations: [{ code: 'HOLD' }] })
    await flatten(key)
    const stop = Math.floor((await priceNow()) * 0.99)
    const long = await postSignal(key, {
      signal: 'LONG',
      size: 0.1,
      stop_loss: stop,
      reasoning: 'newcomer buys',
    })
    await expectEntry(long)
    await flatten(key)
    const greedy = await postSignal(key, {
      symbol: 'SPX',
      signal: 'LONG',
      size: 1,
      reasoning: 'newcomer is greedy',
    })
    expect(greedy).toMatchObject({ outcome: 'REFUSED', order_ids: [expect.any(String)] })
    expect(greedy.violations.map(({ code }) => code)).toContain('SYMBOL_RESTRICTED')

    const log = page.getByRole('log', { name: 'Stream' })
    for (const text of ['newcomer waits', 'newcomer buys', 'newcomer is greedy'])
      await log.getByText(text).waitFor()
    const refused = page.locator('main tr', { hasText: /ppo_v1.*Refused by risk/s }).first()
    await refused.getByRole('button').click()
    const reason = page.getByText('The symbol is not in the strategy’s universe').first()
    await reason.waitFor()
    expect(await page.locator('main').innerText()).not.toContain('SYMBOL_RESTRICTED')
    await expectReadable(page)
    newcomer.watched.expectQuiet()
  })
})

async function priceNow(): Promise<number> {
  const { data } = await rest.get<{ data: { symbol: string; market_price: string }[] }>('/v1/market/status')
  return Number(data.find(({ symbol }) => symbol === 'USD/COP')?.market_price)
}

async function countPositions(): Promise<number> {
  const { meta } = await rest.get<{ meta: { total_count: number } }>('/v1/positions?strategy_id=ppo_v1')
  return meta.total_count
}

/** The stand-in of the demo trades the same strategy: whatever it holds is closed first. */
async function flatten(key: Rest): Promise<void> {
  await postSignal(key, { signal: 'CLOSE', reasoning: 'newcomer clears' })
  await expect.poll(countPositions, { timeout: 5_000 }).toBe(0)
}

/** An order that fills, unless the demo's history ended in a cooldown or a full day: then the refusal says so. */
async function expectEntry({ outcome, violations }: SignalResult): Promise<void> {
  const risk = await rest.get<Record<string, boolean | number>>('/api/risk/status?strategy_code=ppo_v1')
  const isBlocked =
    risk['cooldown_active'] === true || risk['daily_blocked'] === true || risk['trades_remaining'] === 0
  expect(outcome, JSON.stringify(violations)).toBe(isBlocked ? 'REFUSED' : 'ORDERS')
  if (!isBlocked) await expect.poll(countPositions, { timeout: 5_000 }).toBe(1)
}
