import type { Browser, Page, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey, logIn, postSignal, type Rest } from './harness/api.ts'
import { openBrowser, visit, enter, type Visit } from './harness/browser.ts'
import { feedPill, go } from './harness/reading.ts'

/** What lies between the page and the server's stream. */
const wire = {
  open: new Set<WebSocketRoute>(),
  /** Their messages are swallowed, answers to pings are not: they look alive. */
  silent: new Set<WebSocketRoute>(),
  isDown: false,
}

let browser: Browser
let visitor: Visit
let page: Page
let key: Rest

beforeAll(async () => {
  browser = await openBrowser()
  visitor = await visit(browser)
  page = visitor.page
  await page.routeWebSocket(/\/trpc/, (socket) => {
    if (wire.isDown) return void socket.close({ code: 1001 })
    const server = socket.connectToServer()
    wire.open.add(socket)
    server.onMessage((message) => {
      if (!wire.silent.has(socket) || message === 'PONG') socket.send(message)
    })
    socket.onMessage((message) => server.send(message))
  })
  // The page's own clock can be put forward: 45 seconds of silence need no 45 seconds.
  await page.clock.install()
  await page.goto('/login')
  await enter(page)
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  key = await createKey(await logIn())
})

afterAll(() => browser.close())

const say = (reasoning: string) =>
  postSignal(key, { strategy_code: 'sac_v2', signal: 'HOLD', reasoning, timestamp: new Date().toISOString() })
const log = () => page.getByRole('log', { name: 'Stream' })
const pill = () => expect.poll(() => feedPill(page).innerText(), { timeout: 15_000 })

describe('the stream', () => {
  it('that falls silent is stale, is made anew, and brings what was said meanwhile, once', async () => {
    await go(page, '/signals', 'Signals')
    await pill().toMatch(/Live · \d+ s$/)
    wire.silent = new Set(wire.open)
    await say('into the silence')
    await say('and once more')
    await page.clock.fastForward(47_000)
    await pill().toMatch(/Stale · \d+ s$/)
    expect(await log().getByText('into the silence').count()).toBe(0)
    // In two steps, each with time for its ping: one leap would end the socket amid it.
    await page.clock.fastForward(21_000)
    await pill().toMatch(/Stale · (6|7)\d s$|Stale · 1 min/)
    await page.clock.fastForward(10_000)
    await pill().toMatch(/Live · \d+ s$/)
    await log().getByText('and once more').waitFor()
    expect(await log().getByText('into the silence').count()).toBe(1)
    expect(await log().getByText('and once more').count()).toBe(1)
    await log()
      .getByText(/^Reconnected, \d+ messages recovered$/)
      .waitFor()
    visitor.watched.expectQuiet()
  })

  it('that is cut says so at once, tries again, and leaves no gap', async () => {
    await say('before the cut')
    await log().getByText('before the cut').waitFor()
    wire.isDown = true
    for (const socket of wire.open) await socket.close({ code: 1001 })
    await pill().toMatch(/Reconnecting/)
    await say('during the cut')
    wire.isDown = false
    await pill().toMatch(/Live · \d+ s$/)
    await log().getByText('during the cut').waitFor()
    const said = ['before the cut', 'during the cut']
    const counts = said.map((text) => log().getByText(text).count())
    expect(await Promise.all(counts)).toEqual([1, 1])
  })
})
