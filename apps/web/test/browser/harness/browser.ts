import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'
import { inject } from 'vitest'
import type { Login } from './global-setup.ts'
import { watch, type Watch } from './watch.ts'

/** Those of the machine's own services that Chromium would otherwise call, and what a container lacks. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const deck = inject('deck')

export function openBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? ''
  return chromium.launch({ executablePath, args: FLAGS })
}

export interface Visit {
  context: BrowserContext
  page: Page
  watched: Watch
}

/** A fresh visitor, everything they meet on record. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: deck.url,
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    ...options,
  })
  const watched = watch(context, new URL(deck.url).origin)
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  return { context, page, watched }
}

/** Fills in the login form of the page that is open. */
export async function enter(page: Page, password = deck.password, email = deck.email): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

/** A visitor who has logged in with the password and sees the overview. */
export async function visitLoggedIn(
  browser: Browser,
  options: BrowserContextOptions = {},
  { email, password }: Login = deck,
): Promise<Visit> {
  const visitor = await visit(browser, options)
  await visitor.page.goto('/login')
  await enter(visitor.page, password, email)
  await visitor.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  return visitor
}
