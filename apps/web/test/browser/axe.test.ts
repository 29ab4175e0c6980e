import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../../src/i18n/en/index.ts'
import { es } from '../../src/i18n/es/index.ts'
import { ServerProcess } from '../../../api/test/harness/server-process.ts'
import { logIn, type Rest } from './harness/api.ts'
import { enter, openBrowser, visit } from './harness/browser.ts'
import { closeLayer, findLayers } from './harness/layers.ts'
import { findDetails } from './harness/pages.ts'
import { go, nextFrames, PAGES, settled } from './harness/reading.ts'

/** Every page in both languages and all four states: minutes, so only in the long form. */
const IS_WHOLE = process.env['AXE_ALL'] !== undefined
const TIMEOUT = IS_WHOLE ? 1_800_000 : 240_000

const THEMES = ['light', 'dark'] as const
const LANGUAGES = ['en', 'es'] as const
/** Those that look different in every state, for the short form. */
const CHIEF = { Overview: '/', Risk: '/risk', Controls: '/controls' }
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What alone can differ between two themes of one page: enough for the second, in the short form. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']
const RULES = { light: { type: 'tag', values: TAGS }, dark: { type: 'rule', values: COLOUR_RULES } } as const
const EMPTY_LOGIN = { ADMIN_EMAIL: 'first@example.com', ADMIN_PASSWORD: 'six calm brown otters' }

let browser: Browser
let rest: Rest
let details: Record<string, string>
let scans = 0

beforeAll(async () => {
  browser = await openBrowser()
  rest = await logIn()
  details = await findDetails(rest)
})

afterAll(async () => {
  console.log(`axe: ${scans} scans`)
  await browser.close()
})

interface Door {
  url?: string
  email?: string
  password?: string
}

/** A visitor who reads without motion: a colour that is still on its way has no contrast to measure. */
async function arrive(language: (typeof LANGUAGES)[number], door: Door = {}): Promise<Page> {
  const { page } = await visit(browser, {
    reducedMotion: 'reduce',
    locale: language === 'es' ? 'es-CO' : 'en-US',
    ...(door.url !== undefined && { baseURL: door.url }),
  })
  await page.goto('/login?lang=en')
  await enter(page, door.password, door.email)
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  if (language === 'es') {
    await page.goto('/?lang=es')
    await page.getByRole('heading', { level: 1, name: es.overview.title }).waitFor()
  }
  await page.evaluate(axe.source)
  return page
}

async function setTheme(page: Page, colorScheme: (typeof THEMES)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.waitForFunction(
    (isDark) => document.documentElement.classList.contains('dark') === isDark,
    colorScheme === 'dark',
  )
  await page.evaluate(async () => {
    const moves = document.getAnimations().filter((animation) => animation instanceof CSSTransition)
    await Promise.allSettled(moves.map(({ finished }) => finished))
  })
  await nextFrames(page)
}

/** What axe has to say about the page as it is, in a form that names the place. */
async function findViolations(
  page: Page,
  where: string,
  theme: (typeof THEMES)[number] = 'light',
): Promise<string[]> {
  scans += 1
  const { type, values } = RULES[IS_WHOLE ? 'light' : theme]
  const { violations } = await page.evaluate(
    (runOnly) => window.axe.run(document, { resultTypes: ['violations'], runOnly }),
    { type, values: [...values] },
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${where}: ${id} at ${target.join(' ')}: ${failureSummary}`),
  )
}

async function inBothThemes(page: Page, where: string): Promise<string[]> {
  const found: string[] = []
  for (const theme of THEMES) {
    await setTheme(page, theme)
    found.push(...(await findViolations(page, `${where}, ${theme}`, theme)))
  }
  return found
}

/** Goes through pages inside the document, in both themes. */
async function walk(page: Page, addresses: Record<string, string>, state: string): Promise<string[]> {
  const found: string[] = []
  for (const [name, path] of Object.entries(addresses)) {
    await go(page, path)
    found.push(...(await inBothThemes(page, `${name}, ${state}`)))
  }
  return found
}

/** Opens what has no address, in both themes. */
async function openLayers(page: Page, language: (typeof LANGUAGES)[number]): Promise<string[]> {
  const found: string[] = []
  for (const [name, { path, open }] of Object.entries(findLayers(page, { en, es }[language]))) {
    await go(page, path)
    await open()
    await settled(page)
    found.push(...(await inBothThemes(page, `${name}, ${language}`)))
    await closeLayer(page)
  }
  return found
}

/** Every question is refused as by a server with a defect; the session itself is not. */
async function breakAnswers(page: Page): Promise<void> {
  await page.route(/\/trpc\/(?!session\.)/, async (route) => {
    if (route.request().method() !== 'GET') return route.fallback()
    const { pathname } = new URL(route.request().url())
    const error = {
      json: {
        message: 'Something went wrong',
        code: -32603,
        data: {
          code: 'INTERNAL_SERVER_ERROR',
          httpStatus: 500,
          appCode: 'INTERNAL_ERROR',
          requestId: 'req-0123456789abcdef',
          details: [],
        },
      },
    }
    const body = pathname.split(',').map(() => ({ error }))
    return route.fulfill({ status: 500, contentType: 'application/json', body: JSON.stringify(body) })
  })
}

describe.each(IS_WHOLE ? LANGUAGES : (['en'] as const))('axe finds nothing (%s)', (language) => {
  it('on any page of the navigation, light and dark', { timeout: TIMEOUT }, async () => {
    const page = await arrive(language)
    expect(await walk(page, PAGES, language)).toEqual([])
    await page.context().close()
  })

  it('on any page behind them', { timeout: TIMEOUT }, async () => {
    const page = await arrive(language)
    expect(await walk(page, details, language)).toEqual([])
    await page.context().close()
  })

  it('on what opens over them', { timeout: TIMEOUT }, async () => {
    const page = await arrive(language)
    expect(await openLayers(page, language)).toEqual([])
    await page.context().close()
  })

  it('on the login page', async () => {
    const { page, context } = await visit(browser, { reducedMotion: 'reduce' })
    await page.goto(`/login?lang=${language}`)
    await page.locator('main h1').waitFor()
    await page.evaluate(axe.source)
    expect(await inBothThemes(page, `Login, ${language}`)).toEqual([])
    await context.close()
  })
})

describe.each(IS_WHOLE ? LANGUAGES : (['en'] as const))('axe finds nothing in a state (%s)', (language) => {
  const addresses = () => (IS_WHOLE ? { ...PAGES, ...details } : CHIEF)

  it.skipIf(IS_WHOLE)('in Spanish', { timeout: TIMEOUT }, async () => {
    const page = await arrive('es')
    expect(await walk(page, CHIEF, 'es')).toEqual([])
    await page.context().close()
  })

  it('that is empty: a new installation', { timeout: TIMEOUT }, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-empty-'))
    const server = new ServerProcess(dataDir, { DEMO: 'off', ...EMPTY_LOGIN })
    try {
      await server.ready(180_000)
      const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = EMPTY_LOGIN
      const page = await arrive(language, { url: server.url, email, password })
      expect(await walk(page, addresses(), `${language}, empty`)).toEqual([])
      await page.context().close()
    } finally {
      await server.kill('SIGKILL')
      rmSync(dataDir, { recursive: true, force: true })
    }
  })

  it('of error', { timeout: TIMEOUT }, async () => {
    const page = await arrive(language)
    await breakAnswers(page)
    await page.reload()
    await page.locator('main').getByRole('alert').first().waitFor()
    await page.evaluate(axe.source)
    expect(await walk(page, addresses(), `${language}, error`)).toEqual([])
    await page.context().close()
  })

  it('of emergency: the kill switch is on', { timeout: TIMEOUT }, async () => {
    const reason = 'axe looks at the banner'
    const page = await arrive(language)
    await rest.call('POST', '/v1/controls/kill-switch', { action: 'activate', reason })
    try {
      await page.getByText(`“${reason}”`).first().waitFor()
      expect(await walk(page, addresses(), `${language}, kill switch`)).toEqual([])
    } finally {
      await rest.call('POST', '/v1/controls/kill-switch', { action: 'deactivate', reason })
      await page.context().close()
    }
  })
})
