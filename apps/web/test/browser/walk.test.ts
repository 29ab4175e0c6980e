import { spawnSync } from 'node:child_process'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, type Rest } from './harness/api.ts'
import { openBrowser, visitLoggedIn, type Visit } from './harness/browser.ts'
import { firstLine, readNumber, settled } from './harness/reading.ts'

interface Trade {
  pnl: string
  closed_at: string
}

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

const dialog = () => page.getByRole('dialog')
const follow = async (name: string) => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click()
  await settled(page, name)
}

/** Yesterday, or the last day before it on which a trade was closed: markets rest at weekends. */
async function lastDayWithTrades(): Promise<{ day: string; trades: Trade[] }> {
  const before = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
  const { data } = await rest.get<{ data: Trade[] }>(`/v1/trades?to_date=${before}&per_page=100`)
  const day = data[0]?.closed_at.slice(0, 10) ?? ''
  return { day, trades: data.filter(({ closed_at: at }) => at.startsWith(day)) }
}

// Somebody new, by what the pages say and nothing else: every step with a mouse on what can be seen.
describe('without a manual somebody', { timeout: 120_000 }, () => {
  it("finds yesterday's worst trade", async () => {
    const { day, trades } = await lastDayWithTrades()
    await follow('Positions')
    const closed = page.locator('section', {
      has: page.getByRole('heading', { level: 2, name: 'Closed trades' }),
    })
    await closed.getByLabel('From').fill(day)
    await closed.getByLabel('To', { exact: true }).fill(day)
    await expect.poll(() => new URL(page.url()).searchParams.get('to')).toBe(day)
    const sort = closed.getByRole('button', { name: /^Realised/ })
    await sort.click()
    await sort.click()
    const header = closed.getByRole('columnheader', { name: /^Realised/ })
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending')
    const rows = closed.locator('tbody tr')
    await expect.poll(() => rows.count()).toBe(trades.length)
    const worst = Math.min(...trades.map(({ pnl }) => Number(pnl)))
    const column = await header.evaluate((cell) => (cell as HTMLTableCellElement).cellIndex)
    const shown = rows.first().locator('td').nth(column).locator('span').first().locator('span').first()
    expect(readNumber(firstLine(await shown.innerText()))).toBe(worst)
    visitor.watched.expectQuiet()
  })

  it('starts a backtest with another stop loss and compares it with an older one', async () => {
    await follow('Runs')
    await page.getByRole('button', { name: 'New backtest' }).click()
    await dialog().getByLabel('Strategy').selectOption('momentum_v1')
    await dialog().getByText('Costs, seed and parameters').click()
    await dialog().getByLabel('Stop loss').fill('2.5')
    await dialog().getByRole('button', { name: 'Start backtest' }).click()
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/)
    const id = page.url().split('/').at(-1)
    await page.locator('main').getByText('Completed', { exact: true }).first().waitFor({ timeout: 45_000 })
    await follow('Runs')
    const row = page.getByRole('row').filter({ has: page.locator(`a[href$="${id}"]`) })
    await row.getByRole('checkbox').check()
    const older = page.getByRole('checkbox', {
      name: /^Compare momentum_v1/,
      disabled: false,
      checked: false,
    })
    await older.first().check()
    await page.getByRole('link', { name: 'Compare (2)' }).click()
    await settled(page, 'Compare runs')
    await page
      .getByRole('link', { name: /momentum_v1/ })
      .first()
      .waitFor()
    expect(new URL(page.url()).searchParams.get('ids')).toContain(id)
    visitor.watched.expectQuiet()
  })

  it('stops a strategy, after reading what that means, and starts it again', async () => {
    const status = async () =>
      (await rest.get<{ data: { status: string } }>('/v1/strategies/sac_v2')).data.status
    await follow('Strategies')
    const power = page.getByRole('switch', { name: /^SAC Balanced/ })
    await power.click()
    const question = page.getByRole('alertdialog')
    await question.getByText(/open position/).waitFor()
    await question.getByRole('button', { name: 'Deactivate' }).click()
    await expect.poll(status).toBe('inactive')
    await power.click()
    await question.getByRole('button', { name: 'Activate' }).click()
    await expect.poll(status).toBe('active')
    visitor.watched.expectQuiet()
  })

  it('gets an API key and pushes a signal with the very line that the page shows', async () => {
    await follow('Settings')
    await page.getByRole('link', { name: 'API keys' }).click()
    await page.getByRole('button', { name: 'New API key' }).first().click()
    await dialog().getByLabel('Name').fill('my first model')
    await dialog().getByRole('button', { name: 'Create key' }).click()
    await dialog().getByText('Try it: post a signal').waitFor()
    const line = await dialog().locator('pre').last().innerText()
    await dialog().getByRole('button', { name: 'I stored it' }).click()
    await follow('Signals')
    const run = spawnSync('sh', ['-c', `${line} -s`], { encoding: 'utf8' })
    const { results } = JSON.parse(run.stdout) as { results: { signal_id: string }[] }
    expect(results).toHaveLength(1)
    const { reasoning } = JSON.parse(/'(\{.*\})'/s.exec(line)?.[1] ?? '{}') as { reasoning?: string }
    await page
      .getByRole('log', { name: 'Stream' })
      .getByText(reasoning ?? 'HOLD')
      .first()
      .waitFor({ timeout: 5_000 })
    visitor.watched.expectQuiet()
  })
})
