import { spawnSync } from 'node:child_process'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, type Rest } from './harness/api.ts'
import { deck, openBrowser, visitLoggedIn, type Visit } from './harness/browser.ts'
import { PAGES, settled } from './harness/reading.ts'

interface Switches {
  data: { kill_switch_active: boolean; scopes: { scope: string; reason: string }[] }
}
interface Strategy {
  data: { version: number; config: Record<string, unknown>; mode: string }
}

let browser: Browser
let visitor: Visit
let page: Page
let rest: Rest

beforeAll(async () => {
  browser = await openBrowser()
  visitor = await visitLoggedIn(browser)
  page = visitor.page
  rest = await logIn()
})

afterAll(() => browser.close())

const banner = () => page.getByRole('complementary', { name: 'Notices' }).getByRole('alert')
const dialog = () => page.getByRole('dialog')

async function open(path: string, title: string): Promise<void> {
  await page.goto(path)
  await settled(page, title)
}

describe('the kill switch', () => {
  it('stops everything from one dialog that names what stops, and every page says so', async () => {
    await open('/orders', 'Orders')
    await page.keyboard.press('Shift+K')
    await dialog().getByText('4 active strategies stop').waitFor()
    const stop = dialog().getByRole('button', { name: 'Stop everything' })
    expect(await stop.isDisabled()).toBe(true)
    await dialog().getByRole('button', { name: 'Precaution' }).click()
    await stop.click()
    await banner().waitFor()
    const { data } = await rest.get<Switches>('/v1/controls/kill-switch')
    expect(data).toMatchObject({
      kill_switch_active: true,
      scopes: [expect.objectContaining({ scope: 'global', reason: 'Precaution' })],
    })
    // Inside the page: each reload renews the session, which is limited by address.
    for (const name of Object.keys(PAGES)) {
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click()
      await settled(page, name)
      await banner().waitFor()
      expect([name, await banner().count()]).toEqual([name, 1])
    }
    visitor.watched.expectQuiet()
  })

  it('disables what would open positions, with the reason, and leaves its row in the audit log', async () => {
    await rest.call('PATCH', '/v1/strategies/sac_v2', { status: 'inactive' })
    await open('/strategies', 'Strategies')
    const off = page.getByRole('switch', { name: /^SAC Balanced/ })
    expect(await off.isDisabled()).toBe(true)
    expect(await off.getAttribute('title')).toMatch(/kill switch is active/i)
    await open('/audit?action=kill_switch.activate', 'Audit')
    await page.getByRole('cell', { name: 'Precaution' }).first().waitFor()
    await page.getByRole('button', { name: 'Show details' }).first().click()
    await page.getByRole('row', { name: /level ACTIVE HALTED/ }).waitFor()
  })

  it('is released slowly: the scope typed, a reason, the password, after a look at what trades again', async () => {
    await open('/controls', 'Controls')
    await page.getByRole('button', { name: 'Release…' }).click()
    await dialog().getByText('trades again').first().waitFor()
    const release = dialog().getByRole('button', { name: 'Release', exact: true })
    await dialog().getByLabel('Type global to confirm').fill('globe')
    await dialog().getByLabel('Reason').fill('looked at it')
    await dialog().getByLabel('Password').fill(deck.password)
    expect(await release.isDisabled()).toBe(true)
    await dialog().getByLabel('Type global to confirm').fill('global')
    await dialog().getByLabel('Password').fill('not the password')
    await release.click()
    await dialog().getByText('That is not your password.').waitFor()
    expect((await rest.get<Switches>('/v1/controls/kill-switch')).data.kill_switch_active).toBe(true)
    visitor.watched.forget()
    await dialog().getByLabel('Password').fill(deck.password)
    await release.click()
    // Behind a dialog nothing else is in reach.
    await dialog().waitFor({ state: 'detached' })
    await banner().waitFor({ state: 'detached' })
    expect((await rest.get<Switches>('/v1/controls/kill-switch')).data.kill_switch_active).toBe(false)
    await page.getByText('Nothing is stopped.').waitFor()
    await rest.call('PATCH', '/v1/strategies/sac_v2', { status: 'active' })
    visitor.watched.expectQuiet()
  })
})

describe('closing what a halted scope holds', () => {
  const kill = (body: object) => rest.call('POST', '/v1/controls/kill-switch', { reason: 'drill', ...body })
  const close = () => page.getByRole('button', { name: 'Close positions…' })
  const release = async (scope: object) => {
    await rest.call('POST', '/v1/auth/confirm', { password: deck.password })
    expect((await kill({ action: 'deactivate', ...scope })).status).toBe(200)
  }

  it('lists exactly what would be closed, before anything is typed', async () => {
    await kill({ action: 'activate' })
    await open('/controls', 'Controls')
    await close().click()
    // Nothing comes or goes while everything is halted.
    const { data } = await rest.get<{ data: { symbol: string }[] }>('/v1/positions?per_page=100')
    const list = dialog().getByRole('list', { name: 'Positions' })
    await list.waitFor({ state: 'attached' })
    expect(await list.getByRole('listitem').count()).toBe(data.length)
    for (const { symbol } of data) await list.getByText(symbol).first().waitFor()
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    await release({})
    visitor.watched.expectQuiet()
  })

  it('is a step of its own: only while it is halted, its name typed, and then what became of it', async () => {
    const symbol = 'FLAT/USD'
    const instrument = { symbol, contract_type: 'CRYPTO', calendar: '24/7', bar_interval_seconds: 300 }
    expect((await rest.call('POST', '/v1/instruments', instrument)).status).toBe(201)
    await kill({ action: 'activate', symbol, level: 'reduce' })
    await open('/controls', 'Controls')
    await close().waitFor()
    expect(await close().isDisabled()).toBe(true)
    expect(await close().getAttribute('title')).toMatch(/only what is halted/i)
    await kill({ action: 'activate', symbol, level: 'halt' })
    await open('/controls', 'Controls')
    await close().click()
    await dialog().getByText('Nothing is held.').waitFor()
    const start = dialog().getByRole('button', { name: 'Close all positions' })
    await dialog().getByLabel('Reason').fill('out')
    await dialog().getByLabel(`Type ${symbol} to confirm`).fill('FLAT')
    expect(await start.isDisabled()).toBe(true)
    await dialog().getByLabel(`Type ${symbol} to confirm`).fill(symbol)
    await start.click()
    await dialog().getByText('No position was open.').waitFor()
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    await release({ symbol })
    visitor.watched.expectQuiet()
  })
})

describe('a change of mode', () => {
  it('is not made without a code of another admin', async () => {
    await open('/controls', 'Controls')
    await page.getByLabel('Strategy', { exact: true }).selectOption('ppo_v1')
    await page.getByLabel('Move to').selectOption('LIVE')
    await page.getByLabel('Approval code').fill('AAAAAAAA')
    await page.getByLabel('Type ppo_v1 to confirm').fill('ppo_v1')
    await page.getByRole('button', { name: 'Move to Live' }).click()
    await page
      .getByRole('alert')
      .getByText(/approval code is wrong/)
      .waitFor()
    expect((await rest.get<Strategy>('/v1/strategies/ppo_v1')).data.mode).toBe('PAPER')
    await page.getByLabel('Reason').fill('ready for it')
    await page.getByRole('button', { name: 'Request approval' }).click()
    const row = page.getByRole('row', { name: /ready for it/ })
    await row.waitFor()
    const approve = row.getByRole('button', { name: 'Approve' })
    expect([await approve.isDisabled(), await approve.getAttribute('title')]).toEqual([
      true,
      'You asked for this yourself: another admin has to approve it.',
    ])
    visitor.watched.forget()
  })
})

describe('a configuration', () => {
  it('is saved after its difference was shown, and not over what somebody changed meanwhile', async () => {
    await open('/strategies/momentum_v1?tab=config', 'Momentum Strategy V1')
    await page.getByRole('button', { name: 'Edit' }).click()
    await dialog().getByLabel('Risk per trade').fill('1.0')
    await dialog().getByRole('button', { name: 'Review changes' }).click()
    await dialog().getByRole('row', { name: 'risk_per_trade_pct 1.5 1.0' }).waitFor()
    await rest.call('PATCH', '/v1/strategies/momentum_v1', { description: 'Changed by somebody else' })
    await dialog().getByLabel('Reason').fill('calmer')
    await dialog().getByRole('button', { name: 'Save', exact: true }).click()
    await dialog()
      .getByText(/was changed by .* at 20/)
      .waitFor()
    visitor.watched.forget()
    await dialog().getByRole('button', { name: 'Save mine over it' }).click()
    await dialog().waitFor({ state: 'detached' })
    expect((await rest.get<Strategy>('/v1/strategies/momentum_v1')).data.config).toMatchObject({
      risk_per_trade_pct: '1.0',
    })
  })

  it('goes back to an earlier version from its history', async () => {
    await open('/strategies/momentum_v1?tab=config', 'Momentum Strategy V1')
    const row = page.getByRole('row', { name: /Changed|^\s*2\b/ }).last()
    await row.getByRole('button', { name: 'Go back to this' }).click()
    await dialog().getByLabel('Reason').fill('it was better')
    await dialog().getByRole('button', { name: 'Go back to this' }).click()
    await dialog().waitFor({ state: 'detached' })
    const { data } = await rest.get<Strategy>('/v1/strategies/momentum_v1')
    expect(data.config).toMatchObject({ risk_per_trade_pct: '1.5' })
    await page.getByRole('cell', { name: 'it was better' }).waitFor()
    visitor.watched.expectQuiet()
  })

  it('has limits of its own from the next order on', async () => {
    await open('/strategies/momentum_v1?tab=limits', 'Momentum Strategy V1')
    await page.getByRole('button', { name: 'Change limits' }).click()
    await dialog()
      .getByLabel(/^Trades per day/)
      .fill('7')
    await dialog().getByRole('button', { name: 'Review changes' }).click()
    await dialog().getByRole('row', { name: 'max_trades_per_day 20 7' }).waitFor()
    await dialog().getByLabel('Reason').fill('browser suite')
    await dialog().getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('row', { name: /Trades per day.*7.*set here.*20/ }).waitFor()
    const status = await rest.get<{ limits: { max_trades_per_day: number } }>(
      '/api/risk/status?strategy_code=momentum_v1',
    )
    expect(status.limits.max_trades_per_day).toBe(7)
    await rest.call('PUT', '/v1/strategies/momentum_v1/limits', { limits: {}, reason: 'back' })
    visitor.watched.expectQuiet()
  })
})

describe('an API key', () => {
  it('is shown once, with a line that posts a signal from a terminal', async () => {
    await open('/settings/keys', 'Settings')
    await page.getByRole('button', { name: 'New API key' }).first().click()
    await dialog().getByRole('button', { name: 'Create key' }).click()
    await dialog().getByText('Required').waitFor()
    await dialog().getByLabel('Name').fill('terminal')
    await dialog().getByRole('button', { name: 'Create key' }).click()
    await dialog().getByText('Try it: post a signal').waitFor()
    const line = await dialog().locator('pre').last().innerText()
    const run = spawnSync('sh', ['-c', `${line} -s`], { encoding: 'utf8' })
    expect(JSON.parse(run.stdout)).toMatchObject({ results: [{ outcome: 'NO_ACTION' }] })
    const key = await dialog().locator('pre').first().innerText()
    await dialog().getByRole('button', { name: 'I stored it' }).click()
    const row = page.getByRole('row', { name: /terminal/ })
    await row.waitFor()
    expect(await page.locator('body').innerText()).not.toContain(key)
    await row.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await row.getByText(/^revoked/).waitFor()
    const refused = await fetch(`${deck.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } })
    expect(refused.status).toBe(401)
    visitor.watched.expectQuiet()
  })
})

describe('the settings', () => {
  it('end another session, and change what one sees at once', async () => {
    await logIn()
    await open('/settings/sessions', 'Settings')
    await page.getByText('this one').waitFor()
    const rows = page.getByRole('row')
    const before = await rows.count()
    await page.getByRole('button', { name: 'End', exact: true }).last().click()
    await expect.poll(() => rows.count()).toBe(before - 1)
    await open('/settings/appearance', 'Settings')
    await page.getByRole('button', { name: 'Red and green' }).click()
    expect(await page.locator('html').getAttribute('data-pair')).toBe('red-green')
    await page.getByRole('button', { name: 'Green and red' }).click()
    visitor.watched.expectQuiet()
  })

  it('let an admin create somebody, after the password once more', async () => {
    await open('/settings/users', 'Settings')
    await page.getByRole('button', { name: 'New user' }).click()
    await dialog().getByLabel('E-mail').fill('quant@example.com')
    await dialog().getByLabel('Role').selectOption('trader')
    await dialog().getByLabel('First password').fill('short')
    await dialog().getByRole('button', { name: 'Create user' }).click()
    await dialog().getByText('At least 12 characters').last().waitFor()
    await dialog().getByLabel('First password').fill('nine quiet grey herons')
    await dialog().getByRole('button', { name: 'Create user' }).click()
    // The release of the kill switch confirmed the password minutes ago; a slow run is asked again.
    const asked = page.getByRole('dialog', { name: 'Your password, please' })
    await Promise.race([asked.waitFor(), page.getByRole('cell', { name: 'quant@example.com' }).waitFor()])
    if (await asked.isVisible()) {
      await asked.getByLabel('Password').fill(deck.password)
      await asked.getByRole('button', { name: 'Continue' }).click()
    }
    await page.getByRole('row', { name: /quant@example\.com.*Active/ }).waitFor()
    visitor.watched.forget()
  })
})
