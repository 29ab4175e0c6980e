// `pnpm screenshots`: photographs the dashboard with its demo into docs/screenshots, as the README shows it.
import { mkdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Page } from 'playwright-core'
import { findChromium } from '../browser/find-chromium.ts'
import { openDeck, type OpenDeck } from '../browser/open-deck.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const FOLDER = join(ROOT, 'docs', 'screenshots')
const WIDE = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 844 }
/** More would make a README slow. */
const MOST_KB = 300

interface Shot {
  name: string
  path: string | ((deck: OpenDeck) => Promise<string>)
  theme: 'light' | 'dark'
  size?: typeof WIDE
  underKillSwitch?: boolean
  /** The stream is empty until a model says something. */
  speak?: boolean
}

const SHOTS: readonly Shot[] = [
  { name: 'overview-dark', path: '/?period=1y', theme: 'dark', size: { width: 1440, height: 1000 } },
  { name: 'signals', path: '/signals', theme: 'light', speak: true },
  { name: 'run', path: findRun, theme: 'light', size: { width: 1440, height: 1200 } },
  { name: 'controls', path: '/controls', theme: 'light' },
  { name: 'phone', path: '/', theme: 'dark', size: PHONE },
  { name: 'risk-kill-switch', path: '/risk', theme: 'dark', underKillSwitch: true },
]

async function main(): Promise<number> {
  const chromium = findChromium(process.env)
  if (chromium === null) {
    console.error('no Chromium: install it, or set CHROMIUM_PATH')
    return 1
  }
  mkdirSync(FOLDER, { recursive: true })
  const deck = await openDeck(chromium, { reducedMotion: 'reduce', locale: 'en-US', timezoneId: 'UTC' })
  try {
    let heavy = 0
    for (const shot of SHOTS) {
      const kilobytes = await photograph(deck, shot)
      if (kilobytes > MOST_KB) heavy += 1
    }
    return heavy === 0 ? 0 : 1
  } finally {
    await deck.close()
  }
}

async function photograph(deck: OpenDeck, shot: Shot): Promise<number> {
  const { page } = deck
  if (shot.underKillSwitch === true) await killSwitch(deck, 'activate')
  await page.setViewportSize(shot.size ?? WIDE)
  await page.emulateMedia({ colorScheme: shot.theme, reducedMotion: 'reduce' })
  await page.goto(typeof shot.path === 'string' ? shot.path : await shot.path(deck))
  await isStill(page)
  if (shot.speak === true) await speak(deck)
  const file = join(FOLDER, `${shot.name}.png`)
  await page.screenshot({ path: file, animations: 'disabled' })
  if (shot.underKillSwitch === true) await killSwitch(deck, 'deactivate')
  const kilobytes = Math.round(statSync(file).size / 1_000)
  console.log(`${relative(ROOT, file)}: ${kilobytes} kB${kilobytes > MOST_KB ? ', too heavy' : ''}`)
  return kilobytes
}

/** Nothing is loading, the stream is live, and charts have been drawn. */
async function isStill(page: Page): Promise<void> {
  await page.locator('main h1').waitFor()
  await page
    .locator('header')
    .getByText(/Live · \d+ s/)
    .waitFor()
  // A skeleton pulses, in a block that loads and in the place of a chart.
  await page.waitForFunction(() => document.querySelector('main .animate-pulse') === null)
  await page.waitForLoadState('networkidle')
}

async function speak({ page, url, token }: OpenDeck): Promise<void> {
  const common = { strategy_code: 'sac_v2', symbol: 'USD/COP', signal: 'HOLD', size: 0 }
  const signals = [0.55, 0.61, 0.58, 0.64].map((confidence, index) => ({
    ...{ ...common, confidence },
    reasoning: `Spread too wide to trade, ${5 - index} pips over the usual`,
  }))
  const answer = await fetch(`${url}/api/signals`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ signals }),
  })
  if (!answer.ok) throw new Error(`signals are answered with ${answer.status}: ${await answer.text()}`)
  await page.getByRole('log').getByText('2 pips').waitFor()
}

async function killSwitch({ url, token }: OpenDeck, action: 'activate' | 'deactivate'): Promise<void> {
  const answer = await fetch(`${url}/v1/controls/kill-switch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ action, reason: 'Data feed looks wrong' }),
  })
  if (!answer.ok) throw new Error(`the kill switch answers ${answer.status}: ${await answer.text()}`)
}

async function findRun({ url, token }: OpenDeck): Promise<string> {
  const answer = await fetch(`${url}/v1/runs?run_type=BACKTEST&status=COMPLETED`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const { data } = (await answer.json()) as { data: { run_id: string; total_trades: number }[] }
  const best = data.toSorted((a, b) => b.total_trades - a.total_trades)[0]
  if (best === undefined) throw new Error('the demo has no backtest')
  return `/runs/${best.run_id}`
}

process.exitCode = await main()
