import type { Page } from 'playwright-core'
import type { Messages } from '../../../src/i18n/en/index.ts'

/** What opens over a page or inside it, without an address of its own. */
export interface Layer {
  path: string
  open: () => Promise<void>
}

/** By a name of their own; `words` are those of the page's language. */
export function findLayers(page: Page, words: Messages): Record<string, Layer> {
  const press = (name: string) => page.getByRole('button', { name, exact: true }).first().click()
  const dialog = () => page.getByRole('dialog').waitFor()
  const over = (path: string, open: () => Promise<void>): Layer => ({
    path,
    open: async () => {
      await open()
      await dialog()
    },
  })
  const inside = (path: string): Layer => ({
    path,
    open: async () => {
      await press(words.action.expand)
      await page.getByRole('button', { name: words.action.collapse, exact: true }).first().waitFor()
    },
  })
  return {
    palette: over('/', () => page.keyboard.press('Control+k')),
    shortcuts: over('/risk', () => page.keyboard.press('?')),
    'kill-dialog': over('/risk', () => page.keyboard.press('Shift+K')),
    account: {
      path: '/risk',
      open: async () => {
        await press(words.bar.account)
        await page.getByRole('menu').waitFor()
      },
    },
    columns: over('/orders', () => press(words.table.columns)),
    order: inside('/orders'),
    'new-rule': over('/alerts/rules', () => press(words.alertRules.new)),
    'new-key': over('/settings/keys', () => press(words.apiKeys.new)),
    'new-user': over('/settings/users', () => press(words.users.new)),
    'new-webhook': over('/settings/webhooks', () => press(words.webhooks.new)),
    deliveries: inside('/settings/webhooks'),
  }
}

/** Whatever is open is gone again. */
export async function closeLayer(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await page.locator('[role=dialog], [role=menu]').waitFor({ state: 'detached' })
}
