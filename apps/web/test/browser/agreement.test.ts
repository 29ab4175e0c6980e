import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, type Rest } from './harness/api.ts'
import { openBrowser, visitLoggedIn, type Visit } from './harness/browser.ts'
import { card, figure, readNumber, settled } from './harness/reading.ts'

const PERIODS = ['1d', '1w', '1m', '3m', '1y', 'all'] as const

/** Label of each card: the field of the summary, and what its unit on the screen makes of the number. */
const CARDS = {
  'Total P&L': ['total_pnl', 1],
  Sharpe: ['sharpe_ratio', 1],
  'Max drawdown': ['max_drawdown', 1],
  'Win rate': ['win_rate', 100],
  'Closed trades': ['total_trades', 1],
  'Open positions': ['active_positions', 1],
  'Capital deployed': ['capital_deployed', 1],
  'Available capital': ['available_capital', 1],
} as const

type Field = (typeof CARDS)[keyof typeof CARDS][0]
type Summary = Record<Field, string | number> & { undefined_metrics: string[] }
type Figures = Record<string, number | null>

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

afterAll(async () => {
  visitor.watched.expectQuiet()
  await browser.close()
})

function figuresOf(summary: Summary): Figures {
  const entries = Object.entries(CARDS).map(([label, [field, factor]]) => {
    const isDefined = !summary.undefined_metrics.includes(field)
    return [label, isDefined ? Math.round(Number(summary[field]) * factor * 100) / 100 : null] as const
  })
  return Object.fromEntries(entries)
}

async function readCards(): Promise<Figures> {
  const entries = Object.keys(CARDS).map(
    async (label) => [label, readNumber(await card(page, label).innerText())] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

const TRIES = 8

/** The market moves, so the page may be a tick ahead or behind: it is asked anew, as by its key, until it has caught up. */
async function expectAgreement<T>(read: () => Promise<T>, screen: () => Promise<T>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const wanted = await read()
    const answered = page.waitForResponse((response) => response.url().includes('/trpc/'))
    await page.keyboard.press('r')
    await answered
    await page.waitForTimeout(150)
    const shown = await screen()
    if (tries === TRIES || JSON.stringify(shown) === JSON.stringify(wanted)) {
      expect(shown).toEqual(wanted)
      return
    }
  }
}

describe('the figures on the screen', () => {
  it.each(PERIODS)('of the summary over %s are those of REST and of tRPC', async (period) => {
    await page.goto(`/?period=${period}`)
    await settled(page, 'Overview')
    const trpc = rest.trpc()
    const read = async () => {
      const { data } = await rest.get<{ data: Summary }>(`/v1/metrics/summary?period=${period}`)
      return figuresOf(data)
    }
    await expectAgreement(read, readCards)
    const ofTrpc = async () => figuresOf((await trpc.v1.metrics.summary.query({ period })).data)
    await expectAgreement(ofTrpc, readCards)
  })

  it('are dashes where a figure is not defined', async () => {
    await page.goto('/?mode=LIVE')
    await settled(page, 'Overview')
    const { data } = await rest.get<{ data: Summary }>('/v1/metrics/summary?mode=LIVE')
    expect(data.undefined_metrics).toEqual(expect.arrayContaining(['sharpe_ratio', 'win_rate']))
    const shown = await readCards()
    expect(shown).toEqual(figuresOf(data))
    expect([shown['Sharpe'], shown['Win rate']]).toEqual([null, null])
  })

  it('of the positions are those of REST: how many, and what they have gained', async () => {
    await page.goto('/positions')
    await settled(page, 'Positions')
    const read = async () => {
      const { meta } = await rest.get<{ meta: { total_count: number; total_unrealized_pnl: string } }>(
        '/v1/positions',
      )
      return { count: meta.total_count, pnl: Number(meta.total_unrealized_pnl) }
    }
    const screen = async () => ({
      count: readNumber(await figure(page, 'Open positions').innerText()) ?? -1,
      pnl: readNumber(await figure(page, 'Unrealised P&L').innerText()) ?? Number.NaN,
    })
    await expectAgreement(read, screen)
  })

  it('of the orders are those of REST, in all and in each status', async () => {
    await page.goto('/orders')
    await settled(page, 'Orders')
    const names = ['All', 'Pending', 'Submitted', 'Filled', 'Cancelled', 'Rejected']
    const read = () =>
      Promise.all(
        names.map(async (name) => {
          const query = name === 'All' ? '' : `&status=${name.toUpperCase()}`
          const { meta } = await rest.get<{ meta: { total_count: number } }>(`/v1/orders?per_page=1${query}`)
          return meta.total_count
        }),
      )
    const chip = (name: string) =>
      page.locator('main').getByRole('button', { name: new RegExp(`^${name}\\s*[\\d,]+$`) })
    const screen = () =>
      Promise.all(
        names.map(async (name) => readNumber((await chip(name).innerText()).replace(name, '')) ?? -1),
      )
    await expectAgreement(read, screen)
    const pager = page.locator('main').getByText(/^1–20 of /)
    const listed = async () => [readNumber((await pager.innerText()).replace('1–20 of ', ''))]
    await expectAgreement(async () => (await read()).slice(0, 1), listed)
  })

  it('of the risk page are those of /api/risk/status', async () => {
    await page.goto('/risk')
    await settled(page, 'Risk')
    const names = ['Drawdown', 'Daily loss', 'Trades today', 'Losses in a row']
    const read = async () => {
      const risk = await rest.get<Record<string, number> & { limits: Record<string, number> }>(
        '/api/risk/status',
      )
      const { limits } = risk
      return [
        [round(-Math.abs(risk['current_drawdown_pct'] ?? Number.NaN)), -(limits['max_drawdown_pct'] ?? 0)],
        [round(Math.min(0, risk['daily_pnl_pct'] ?? Number.NaN)), -(limits['max_daily_loss_pct'] ?? 0)],
        [risk['trades_today'], limits['max_trades_per_day']],
        [risk['consecutive_losses'], 3],
      ]
    }
    const screen = () =>
      Promise.all(
        names.map(async (name) => {
          const meter = page.locator('main').getByRole('meter', { name, exact: true })
          const text = (await meter.getAttribute('aria-valuetext')) ?? ''
          return text.split(' of ').map((part) => readNumber(part) ?? Number.NaN)
        }),
      )
    await expectAgreement(read, screen)
  })
})

function round(percent: number): number {
  return Math.round(percent * 100) / 100 + 0
}
