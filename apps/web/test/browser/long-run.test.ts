import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LongRun } from '../../../../tooling/benchmarks/runs/long-run.ts'
import { type ApiProcess, LOGIN, startApi } from '../../../../tooling/benchmarks/support/api-process.ts'
import { type BenchPostgres, startPostgres } from '../../../../tooling/benchmarks/support/postgres.ts'
import { enter, openBrowser } from './harness/browser.ts'

/** `pnpm test:soak long-run`: ten million bars, imported over HTTP; the suite itself has no time for them. */
const BARS = Number(process.env['LONG_RUN_BARS'] ?? '0')
const IMPORT_MS = 60_000 + BARS / 5
const RUN_MS = 60_000 + BARS / 20
/** The page asks every second and a half. */
const FEWEST_STEPS = 4
const CANCEL_MS = 1_000

describe.skipIf(BARS === 0)('a run over many bars, on the page', () => {
  let postgres: BenchPostgres
  let api: ApiProcess
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let long: LongRun

  beforeAll(async () => {
    postgres = await startPostgres()
    api = await startApi(postgres.url)
    long = new LongRun(postgres.db, api, BARS)
    await long.seed()
    browser = await openBrowser()
    context = await browser.newContext({ baseURL: api.url, viewport: { width: 1440, height: 900 } })
    page = await context.newPage()
    await page.goto('/login')
    await enter(page, LOGIN.password, LOGIN.email)
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  }, IMPORT_MS)

  afterAll(async () => {
    await browser?.close()
    await api?.close()
    await postgres?.close()
  })

  const shown = async (): Promise<number | null> => {
    const progress = page.locator('main progress')
    return (await progress.count()) === 0 ? null : progress.evaluate((bar: HTMLProgressElement) => bar.value)
  }

  it(
    'moves forward before the eyes of whoever watches, and completes',
    async () => {
      await page.goto(`/runs/${await long.start()}`)
      const seen: number[] = []
      await expect
        .poll(
          async () => {
            const value = await shown()
            if (value !== null && value !== seen.at(-1)) seen.push(value)
            return page.locator('main').getByText('Completed').count()
          },
          { timeout: RUN_MS, interval: 100 },
        )
        .toBe(1)
      console.log(`progress shown: ${seen.map((value) => `${Math.round(value * 100)} %`).join(', ')}`)
      expect(seen.toSorted((a, b) => a - b)).toEqual(seen)
      expect(seen.length).toBeGreaterThanOrEqual(FEWEST_STEPS)
      expect(
        await page
          .locator('main')
          .getByRole('img', { name: /^Equity from/ })
          .count(),
      ).toBe(1)
    },
    RUN_MS,
  )

  it(
    'stops within a second of the click, and says so',
    async () => {
      const runId = await long.start()
      await page.goto(`/runs/${runId}`)
      await expect.poll(async () => ((await shown()) ?? 0) > 0, { timeout: RUN_MS, interval: 50 }).toBe(true)
      const clickedAt = performance.now()
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.locator('main').getByText('Failed', { exact: true }).waitFor()
      const waitedMs = performance.now() - clickedAt
      console.log(`cancelled and shown after ${Math.round(waitedMs)} ms`)
      expect(await page.locator('main').innerText()).toContain('Cancelled')
      expect(waitedMs).toBeLessThan(CANCEL_MS)
      expect(await long.look(runId)).toMatchObject({ status: 'FAILED', error: 'Cancelled' })
    },
    RUN_MS,
  )
})
