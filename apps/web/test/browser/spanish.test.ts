import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../../src/i18n/en/index.ts'
import { es } from '../../src/i18n/es/index.ts'
import { logIn } from './harness/api.ts'
import { openBrowser, visitLoggedIn, type Visit } from './harness/browser.ts'
import { closeLayer, findLayers } from './harness/layers.ts'
import { findDetails } from './harness/pages.ts'
import { firstLine, go, PAGES } from './harness/reading.ts'

let browser: Browser
let visitor: Visit
let page: Page
let details: Record<string, string>

beforeAll(async () => {
  browser = await openBrowser()
  visitor = await visitLoggedIn(browser, { locale: 'en-US' })
  page = visitor.page
  details = await findDetails(await logIn())
  await page.goto('/?lang=es')
  await page.getByRole('heading', { level: 1, name: es.overview.title }).waitFor()
})

afterAll(() => browser.close())

type Tree = { readonly [key: string]: string | Tree }

function leaves(tree: Tree): string[] {
  return Object.values(tree).flatMap((value) => (typeof value === 'string' ? [value] : leaves(value)))
}

/** An English text of ours, whatever stands in its gaps. */
function toPattern(text: string): RegExp {
  const parts = text.split(GAP).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.+')}$`)
}

const GAP = /\{\{[^}]*\}\}/
const SPANISH = new Set(leaves(es))
/** What the dictionary says differently in Spanish; a gap with a unit alone would match everything. */
const ENGLISH = leaves(en).filter(
  (text) => !SPANISH.has(text) && /\p{L}{3}/u.test(text.replaceAll(/\{\{[^}]*\}\}/g, '')),
)
const FIXED = new Set(ENGLISH)
const WITH_GAPS = ENGLISH.filter((text) => GAP.test(text)).map(toPattern)
/** Words that no Spanish sentence has. */
const GIVEAWAYS = /\b(the|and|with|of|is|are|was|this|that|from|for|not|your|has|have|been|will|until)\b/i

/**
 * Everything that can be read or heard. The API's own sentences are English and marked so (`lang`), names of people,
 * strategies and parameters are the same everywhere (`translate`).
 */
function readTexts(): Promise<string[]> {
  return page.evaluate(() => {
    const texts: string[] = []
    const isForeign = (element: Element | null) =>
      element !== null && element.closest('[lang=en], [translate=no], code, pre, script, style') !== null
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      if (!isForeign(walker.currentNode.parentElement)) texts.push(walker.currentNode.textContent ?? '')
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'alt']) {
      for (const element of document.querySelectorAll(`body [${name}]`)) {
        if (!isForeign(element)) texts.push(element.getAttribute(name) ?? '')
      }
    }
    return [...new Set(texts.map((text) => text.trim()).filter((text) => /\p{L}{2}/u.test(text)))]
  })
}

async function findEnglish(): Promise<string[]> {
  const texts = await readTexts()
  return texts.filter(
    (text) =>
      FIXED.has(text) ||
      GIVEAWAYS.test(text) ||
      (!SPANISH.has(text) && WITH_GAPS.some((pattern) => pattern.test(text))),
  )
}

describe('in Spanish', () => {
  it('no page of the navigation has an English text', { timeout: 180_000 }, async () => {
    expect(await page.locator('html').getAttribute('lang')).toBe('es')
    const found: Record<string, string[]> = {}
    for (const path of Object.values(PAGES)) {
      await go(page, path)
      const labels = await page.getByRole('navigation', { name: es.nav.main }).locator('ul a').allInnerTexts()
      expect(labels.map(firstLine)).toContain(await page.getByRole('heading', { level: 1 }).innerText())
      const english = await findEnglish()
      if (english.length > 0) found[path] = english
    }
    expect(found).toEqual({})
    visitor.watched.expectQuiet()
  })

  it('neither has a page behind them', { timeout: 180_000 }, async () => {
    const found: Record<string, string[]> = {}
    for (const [name, path] of Object.entries(details)) {
      await go(page, path)
      const english = await findEnglish()
      if (english.length > 0) found[name] = english
    }
    expect(found).toEqual({})
    visitor.watched.expectQuiet()
  })
  it('nor has what opens over them', { timeout: 180_000 }, async () => {
    const found: Record<string, string[]> = {}
    for (const [name, { path, open }] of Object.entries(findLayers(page, es))) {
      await go(page, path)
      await open()
      const english = await findEnglish()
      if (english.length > 0) found[name] = english
      await closeLayer(page)
    }
    expect(found).toEqual({})
    visitor.watched.expectQuiet()
  })
})
