import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'
import { ServerProcess } from '../../apps/api/test/harness/server-process.ts'

const WEB = join(import.meta.dirname, '../../apps/web')
const FIRST_START_MS = 180_000
const LOGIN = { ADMIN_EMAIL: 'quant@example.com', ADMIN_PASSWORD: 'seven patient grey herons' }

/** Where the built dashboard lies. */
export const DIST = join(WEB, 'dist')

/** The production build of the dashboard, served by a real server with its demo, and a browser that is logged in. */
export interface OpenDeck {
  browser: Browser
  context: BrowserContext
  page: Page
  url: string
  token: string
  close: () => Promise<void>
}

/** `executablePath`: of Chromium. */
export async function openDeck(
  executablePath: string,
  options: BrowserContextOptions = {},
): Promise<OpenDeck> {
  execFileSync(join(WEB, 'node_modules/.bin/vite'), ['build', '--logLevel', 'error'], {
    cwd: WEB,
    stdio: 'inherit',
  })
  const dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-deck-'))
  const server = new ServerProcess(dataDir, { RATE_LIMITS: 'off', ...LOGIN })
  await server.ready(FIRST_START_MS)
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  })
  const context = await browser.newContext({
    baseURL: server.url,
    viewport: { width: 1440, height: 900 },
    ...options,
  })
  await context.addInitScript(recordPaints)
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  return {
    ...{ browser, context, page, url: server.url },
    token: await logIn(page, server.url),
    close: async () => {
      await browser.close()
      await server.kill('SIGKILL')
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function logIn(page: Page, url: string): Promise<string> {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = LOGIN
  await page.goto('/login')
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  const answer = await fetch(`${url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

declare global {
  interface Window {
    /** Milliseconds from the navigation to each largest paint so far. */
    benchPaints: number[]
  }
}

function recordPaints(): void {
  window.benchPaints = []
  new PerformanceObserver((list) => {
    window.benchPaints.push(...list.getEntries().map((entry) => entry.startTime))
  }).observe({ type: 'largest-contentful-paint', buffered: true })
}
