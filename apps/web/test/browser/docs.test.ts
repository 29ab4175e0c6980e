import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deck, openBrowser, visit, type Visit } from './harness/browser.ts'

let browser: Browser
let reader: Visit
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
  reader = await visit(browser)
  page = reader.page
  // Swagger UI draws a hundred operations at once.
  page.setDefaultTimeout(45_000)
})

afterAll(() => browser.close())

/** Opens an operation of Swagger UI and sends it as it stands. @returns status and body of the real answer */
async function tryOut(operation: Locator, body?: unknown): Promise<{ status: number; body: unknown }> {
  await operation.locator('.opblock-summary-control').click()
  if (body !== undefined) await operation.locator('textarea').fill(JSON.stringify(body))
  await operation.getByRole('button', { name: 'Execute' }).click()
  const answer = operation.locator('.live-responses-table tbody > tr').first()
  const status = await answer.locator('.response-col_status').innerText()
  const text = await answer.locator('.highlight-code code').first().innerText()
  return { status: Number.parseInt(status, 10), body: JSON.parse(text) }
}

// One stranger who reads the documents: what the second step gets, the third one uses.
describe('the API documents', () => {
  it('refuse what needs a token as long as there is none', async () => {
    await page.goto('/docs')
    const { status, body } = await tryOut(page.locator('#operations-Account-get_me'))
    expect([status, body]).toEqual([401, expect.objectContaining({ error: expect.anything() })])
    expect(reader.watched.failures).toEqual([`401 ${new URL('/v1/me', deck.url).href}`])
    // Chromium writes every answer of 400 and above to the console: this one, and no violation of the policy.
    expect(reader.watched.errors).toEqual([expect.stringContaining('401')])
    reader.watched.forget()
  })

  it('log in, authorize and list positions by trying it out', async () => {
    const { email, password } = deck
    const login = await tryOut(page.locator('#operations-Authentication-login'), { email, password })
    expect(login.status).toBe(200)
    const { access_token: token } = login.body as { access_token: string }
    await page.getByRole('button', { name: 'Authorize' }).first().click()
    const dialog = page.locator('.dialog-ux')
    await dialog.getByRole('textbox').first().fill(token)
    await dialog.getByRole('button', { name: 'Apply credentials' }).first().click()
    await dialog.getByRole('button', { name: 'Remove authorization' }).first().waitFor()
    await dialog.getByRole('button', { name: 'Close' }).first().click()
    const { status, body } = await tryOut(page.locator('#operations-Positions-list_positions'))
    const headers = { authorization: `Bearer ${token}` }
    const direct = (await (await fetch(`${deck.url}/v1/positions`, { headers })).json()) as {
      data: { position_id: string }[]
    }
    const { data } = body as typeof direct
    expect(status).toBe(200)
    expect(data.length).toBeGreaterThan(0)
    expect(data.map((row) => row.position_id)).toEqual(direct.data.map((row) => row.position_id))
    reader.watched.expectQuiet()
  })

  it('read as a reference, with search, and ask nobody else for anything', async () => {
    await page.goto('/redoc')
    await page.getByRole('heading', { level: 1, name: /^Quantdeck/ }).waitFor()
    await page.getByPlaceholder('Search...').fill('kill switch')
    await page.locator('[role=search]').getByText('Trigger or release the kill switch').first().waitFor()
    reader.watched.expectQuiet()
  })
})
