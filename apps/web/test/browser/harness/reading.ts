import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Pages of the navigation by the name they carry there and in their heading. */
export const PAGES = {
  Overview: '/',
  Signals: '/signals',
  Strategies: '/strategies',
  Positions: '/positions',
  Orders: '/orders',
  Runs: '/runs',
  Risk: '/risk',
  Models: '/models',
  Alerts: '/alerts',
  Controls: '/controls',
  Audit: '/audit',
  'Data quality': '/data',
  Settings: '/settings/profile',
} as const

/** The page has its heading and no block of it is still loading. */
export async function settled(page: Page, title?: string): Promise<void> {
  // Behind an open sheet the heading is there, though out of the reach of a screen reader.
  if (title === undefined) await page.locator('main h1').waitFor({ state: 'attached' })
  else await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
  await expect
    .poll(
      () =>
        page
          .locator('main')
          .getByRole('status', { name: /^(Loading|Cargando)/ })
          .count(),
      { timeout: 30_000 },
    )
    .toBe(0)
}

/** Goes to an address as a link does, inside the page: a reload renews the session, which is limited by address. */
export async function go(page: Page, path: string, title?: string): Promise<void> {
  await page.evaluate((next) => history.pushState({}, '', next), path)
  // Two frames: the router has heard of it and the page before is gone, or still waits for its code.
  await nextFrames(page)
  await settled(page, title)
}

/** What was just changed has been drawn. */
export async function nextFrames(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  )
}

const SPILT = [/\{"/, /\bNaN\b/, /\bundefined\b/, /\bInfinity\b/, /\[object/, /\bnull\b/]

/** What a person reads: nothing empty, nothing stale, nothing that only a program should see. */
export async function expectReadable(page: Page): Promise<void> {
  const text = await page.locator('body').innerText()
  expect(SPILT.filter((pattern) => pattern.test(text))).toEqual([])
  expect(text).not.toMatch(/\bstale\b|\bpolling ·|\boffline\b|as of \d/i)
  expect(await feedPill(page).innerText()).toMatch(/Live · \d+ s$/)
  const blocks = await page.locator('main').locator('section, article').all()
  const texts = await Promise.all(blocks.map((block) => block.innerText()))
  expect(texts.length).toBeGreaterThan(0)
  expect(texts.filter((block) => block.trim() === '')).toEqual([])
}

/** How fresh the stream is, in the top bar. */
export function feedPill(page: Page): Locator {
  return page.locator('header').getByRole('button', { name: /^Signal feed/ })
}

/** The label of a link that may carry a count below it. */
export function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}

/** "+$1,022.10" -> 1022.1, "−8.45 %" -> -8.45; a dash is null. */
export function readNumber(text: string): number | null {
  const bare = text.trim().replace(/\s*(gain|loss|unchanged)$/, '')
  if (bare === '–') return null
  const number = Number(bare.replace('−', '-').replaceAll(/[\s$,%+↑↓]/g, ''))
  expect(number, `the figure "${bare}"`).not.toBeNaN()
  return number
}

/** The figure of the overview's card with this label. */
export function card(page: Page, label: string): Locator {
  const link = page.locator('main').getByRole('link', { name: label, exact: true })
  return link.first().locator('xpath=../..').locator('.num').first()
}

/** The figure beside a label of a list of figures. */
export function figure(page: Page, label: string): Locator {
  return page.locator('main dt', { hasText: label }).first().locator('xpath=../dd')
}
