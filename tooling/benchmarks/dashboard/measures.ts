import type { Page } from 'playwright-core'
import type { OpenDeck } from '../../browser/open-deck.ts'
import type { Sample } from '../suite.ts'

const PATHS = [
  '/signals',
  '/strategies',
  '/positions',
  '/orders',
  '/runs',
  '/risk',
  '/models',
  '/alerts',
  '/controls',
]
const TRIES = 5
const SCROLL_MS = 3_000
const TRADES = 10_000
const POINTS = 5_000
const SIGNALS_PER_SECOND = 20
/** The dashboard's question for one run. */
const RUN = /\/trpc\/.*v1\.runs\.get/

/** The median of several cold loads of the overview, each in an empty cache. @returns milliseconds */
export async function measureLargestPaint({ page }: OpenDeck): Promise<number> {
  const session = await page.context().newCDPSession(page)
  const paints: number[] = []
  for (let tries = 0; tries < TRIES; tries += 1) {
    await session.send('Network.clearBrowserCache')
    await page.goto('/')
    await isStill(page)
    paints.push(await page.evaluate(() => window.benchPaints.at(-1) ?? Number.NaN))
  }
  await session.detach()
  return median(paints)
}

/** Until nothing is loading and two frames have been drawn. */
async function isStill(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('main h1') !== null &&
      document.querySelector('main [role=status][aria-label^=Loading]') === null &&
      document.querySelector('main canvas') !== null,
  )
}

/** From the click to the frame after the new heading, over pages that were visited before. @returns the slowest median */
export async function measureRouteChange({ page }: OpenDeck): Promise<number> {
  const times = new Map<string, number[]>()
  for (let round = 0; round <= TRIES; round += 1) {
    for (const path of PATHS) {
      const ms = await page.evaluate(changeRoute, path)
      // The first round fetches the code.
      if (round > 0) times.set(path, [...(times.get(path) ?? []), ms])
    }
  }
  return Math.max(...[...times.values()].map(median))
}

async function changeRoute(path: string): Promise<number> {
  const link = document.querySelector<HTMLAnchorElement>(`nav a[href^="${path}"]`)
  if (link === null) throw new Error(`no link to ${path}`)
  const old = document.querySelector('main h1')
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const started = performance.now()
  link.click()
  while (document.querySelector('main h1') === old || document.querySelector('main h1') === null)
    await frame()
  await frame()
  return performance.now() - started
}

/** A real run's page with ten thousand trades, scrolled from top to bottom. */
export async function scrollTable(deck: OpenDeck): Promise<Sample> {
  const sample = await (await openLongTable(deck)).evaluate(scrollAll, SCROLL_MS)
  // Not before: the page may ask for its run again while it scrolls.
  await deck.page.unroute(RUN)
  return sample
}

/**
 * The least a browser can do for the same picture: the very rows of the table, put in as markup by their place and
 * without React. Each frame of both shows other rows from the first to the last.
 */
export async function scrollBareTable(deck: OpenDeck): Promise<Sample> {
  const table = await openLongTable(deck)
  await table.evaluate(bareTable, TRADES)
  const sample = await deck.page.locator('#bare').evaluate(scrollAll, SCROLL_MS)
  await deck.page.unroute(RUN)
  await deck.page.goto('about:blank')
  return sample
}

/** A page with nothing to draw. @returns the frames a second that the machine and the browser have to give at most */
export async function measureEmptyScroll({ context }: OpenDeck): Promise<number> {
  const page = await context.newPage()
  await page.setContent('<div style="height:600px;overflow:auto"><div style="height:370000px"></div></div>')
  const { operations, wallMs } = await page.locator('body > div').evaluate(scrollAll, SCROLL_MS)
  await page.close()
  return (operations * 1_000) / wallMs
}

export async function measureTableScroll(deck: OpenDeck): Promise<number> {
  const { operations, wallMs } = await scrollTable(deck)
  return (operations * 1_000) / wallMs
}

async function openLongTable(deck: OpenDeck) {
  const { page } = deck
  await page.route(RUN, async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as unknown
    await route.fulfill({ response: answer, json: multiplyTrades(body) })
  })
  await page.goto(`/runs/${await findRun(deck)}?tab=trades`)
  const table = page.getByRole('region', { name: 'Trades' }).last()
  await table.waitFor()
  await table.scrollIntoViewIfNeeded()
  return table
}

/** Puts a copy in place of the table that draws with every scroll as many rows as the table had in the document. */
function bareTable(element: Element, count: number): void {
  const rows = [...element.querySelectorAll<HTMLElement>('tbody[data-index]')]
  const height = rows[0]?.offsetHeight ?? 0
  const markup = rows.map((row) => row.outerHTML)
  const copy = element.cloneNode(true) as Element
  copy.id = 'bare'
  const table = copy.querySelector('table')
  const gap = (skipped: number) =>
    `<tbody><tr><td colspan="9" style="padding:0;height:${skipped * height}px"></td></tr></tbody>`
  const draw = () => {
    const first = Math.min(count - rows.length, Math.floor(copy.scrollTop / height))
    const shown = markup.map((_, index) => markup[(first + index) % markup.length])
    table?.querySelectorAll('tbody').forEach((body) => body.remove())
    table?.insertAdjacentHTML('beforeend', [gap(first), ...shown, gap(count - first - rows.length)].join(''))
  }
  element.replaceWith(copy)
  draw()
  copy.addEventListener('scroll', draw)
}

async function findRun({ url, token }: OpenDeck): Promise<string> {
  const answer = await fetch(`${url}/v1/runs?run_type=BACKTEST&status=COMPLETED`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const { data } = (await answer.json()) as { data: { run_id: string; total_trades: number }[] }
  const run = data.find(({ total_trades: trades }) => trades > 0)
  if (run === undefined) throw new Error('the demo has no backtest with trades')
  return run.run_id
}

interface HasTrades {
  trades: { trade_id: string }[]
}

/** Whatever has trades gets ten thousand of them, each with a name of its own. */
function multiplyTrades(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(multiplyTrades)
  const changed = Object.entries(value).map(([key, inner]) => [key, multiplyTrades(inner)] as const)
  const object = Object.fromEntries(changed) as Partial<HasTrades>
  const { trades } = object
  if (trades === undefined || trades.length === 0) return object
  const many = Array.from({ length: TRADES }, (_, index) => ({
    ...trades[index % trades.length],
    trade_id: `trade-${index}`,
  }))
  return { ...object, trades: many }
}

/** Moves the element's content by the clock, not by the frame; its operations are frames. */
async function scrollAll(element: Element, ms: number): Promise<Sample> {
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
  const way = element.scrollHeight - element.clientHeight
  if (way <= 0) throw new Error('there is nothing to scroll')
  let frames = 0
  const started = await frame()
  let now = started
  while (now - started < ms) {
    now = await frame()
    element.scrollTop = (way * (now - started)) / ms
    frames += 1
  }
  return { operations: frames, wallMs: now - started, cpuMs: null }
}

/** Five thousand points in both panes of a run's equity chart, as the page itself measures it. @returns milliseconds */
export async function measureChart(deck: OpenDeck): Promise<number> {
  const { page } = deck
  await page.route(RUN, async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: lengthenCurve((await answer.json()) as unknown) })
  })
  const path = `/runs/${await findRun(deck)}?tab=equity`
  const times: number[] = []
  for (let tries = 0; tries < TRIES; tries += 1) {
    await page.goto(path)
    const handle = await page.waitForFunction(
      () => performance.getEntriesByName('chart-data').find((entry) => entry.duration > 0)?.duration,
    )
    times.push((await handle.jsonValue()) ?? Number.NaN)
  }
  await page.unroute(RUN)
  return median(times)
}

function lengthenCurve(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(lengthenCurve)
  const entries = Object.entries(value).map(([key, inner]) => {
    if (key !== 'equity_curve') return [key, lengthenCurve(inner)] as const
    const start = Date.UTC(2010, 0, 1)
    const points = Array.from({ length: POINTS }, (_, index) => ({
      date: new Date(start + index * 86_400_000).toISOString().slice(0, 10),
      value: (100_000 + 8_000 * Math.sin(index / 90) + index * 3).toFixed(2),
    }))
    return [key, points] as const
  })
  return Object.fromEntries(entries)
}

/** Twenty signals a second into an open signals page; garbage is collected before each look. @returns megabytes */
export async function measureHeapGrowth(deck: OpenDeck, seconds: number): Promise<number> {
  const { page } = deck
  await page.goto('/signals')
  const session = await page.context().newCDPSession(page)
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize
  }
  await speak(deck, 10)
  const before = await heap()
  await speak(deck, seconds)
  const grown = (await heap()) - before
  await session.detach()
  return grown / 1_000_000
}

async function speak({ url, token }: OpenDeck, seconds: number): Promise<void> {
  const started = performance.now()
  for (let second = 0; second < seconds; second += 1) {
    const signals = Array.from({ length: SIGNALS_PER_SECOND }, (_, index) => ({
      ...{ strategy_code: 'sac_v2', symbol: 'USD/COP', signal: 'HOLD', confidence: 0.5, size: 0 },
      reasoning: `benchmark, second ${second}, signal ${index}`,
    }))
    const { status } = await fetch(`${url}/api/signals`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ signals }),
    })
    if (status !== 202) throw new Error(`signals are answered with ${status}`)
    const rest = started + (second + 1) * 1_000 - performance.now()
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
