import { useTranslation } from 'react-i18next'
import { Checkbox } from '../components/ui/checkbox.tsx'
import { Sheet } from '../components/ui/dialog.tsx'
import { setPreferences, usePreferences } from '../lib/preferences.ts'
import { PAGES } from './navigation.ts'

export function KeysDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation()
  const { singleKeys } = usePreferences()
  const rows: [string, string][] = [
    ['Ctrl K', t('keys.palette')],
    ...PAGES.map((page): [string, string] => [
      `g ${page.key}`,
      t('keys.go', { page: t(`nav.${page.name}`) }),
    ]),
    ['1 – 6', t('keys.period')],
    ['[ ]', t('keys.step')],
    ['/', t('keys.filter')],
    ['v', t('keys.table')],
    ['n', t('keys.run')],
    ['p', t('keys.pause')],
    ['j', t('keys.down')],
    ['k', t('keys.up')],
    ['Enter', t('keys.open')],
    ['x', t('keys.select')],
    ['y', t('keys.copyRow')],
    ['r', t('keys.refresh')],
    ['t', t('keys.theme')],
    ['z', t('keys.amounts')],
    ['Shift K', t('keys.kill')],
    ['?', t('keys.help')],
    ['Esc', t('keys.close')],
  ]
  return (
    <Sheet open={open} onOpenChange={onOpenChange} title={t('keys.title')}>
      <div className="mb-3">
        <Checkbox
          label={t('keys.single')}
          hint={t('keys.singleText')}
          checked={singleKeys}
          onChange={(event) => setPreferences({ singleKeys: event.target.checked })}
        />
      </div>
      <dl className="divide-y text-sm">
        {rows.map(([key, text]) => (
          <div key={key} className="flex items-center justify-between gap-4 py-2">
            <dt className="text-muted">{text}</dt>
            <dd className="flex gap-1">
              {key.split(' ').map((part) => (
                <kbd key={part} className="rounded border bg-raised px-1.5 py-0.5 font-sans text-xs">
                  {part}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  )
}
