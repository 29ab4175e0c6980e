import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../../components/ui/card.tsx'
import { Checkbox } from '../../components/ui/checkbox.tsx'
import { Segmented } from '../../components/ui/segmented.tsx'
import { formatDateTime, formatUsd } from '../../lib/format.ts'
import { serverNow } from '../../lib/now.ts'
import { setPreferences, usePreferences } from '../../lib/preferences.ts'
import { Change } from '../../components/pnl.tsx'

export function AppearanceTab() {
  const { t } = useTranslation()
  const preferences = usePreferences()
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Card title={t('settings.tab.appearance')} bodyClassName="p-4 space-y-4">
        <Row label={t('bar.theme')}>
          <Segmented
            label={t('bar.theme')}
            value={preferences.theme}
            options={(['system', 'light', 'dark'] as const).map(
              (value) => [value, t(`theme.${value}`)] as const,
            )}
            onChange={(theme) => setPreferences({ theme })}
          />
        </Row>
        <Row label={t('bar.colours')}>
          <Segmented
            label={t('bar.colours')}
            value={preferences.pair}
            options={(['green-red', 'red-green', 'blue-orange'] as const).map(
              (value) => [value, t(`pair.${value}`)] as const,
            )}
            onChange={(pair) => setPreferences({ pair })}
          />
        </Row>
        <Row label={t('bar.language')}>
          <Segmented
            label={t('bar.language')}
            value={preferences.language}
            options={(['en', 'es'] as const).map((value) => [value, t(`language.${value}`)] as const)}
            onChange={(language) => setPreferences({ language })}
          />
        </Row>
        <Row label={t('bar.zone')}>
          <Segmented
            label={t('bar.zone')}
            value={preferences.zone}
            options={(['local', 'UTC', 'America/Bogota'] as const).map(
              (value) => [value, t(`zone.${value}`)] as const,
            )}
            onChange={(zone) => setPreferences({ zone })}
          />
        </Row>
        <Row label={t('settings.numbers')}>
          <Segmented
            label={t('settings.numbers')}
            value={preferences.numbers}
            options={[
              ['language', t('settings.numbersLanguage')],
              ['point', '1,234.56'],
              ['comma', '1.234,56'],
            ]}
            onChange={(numbers) => setPreferences({ numbers })}
          />
        </Row>
        <Checkbox
          label={t('bar.hideAmounts')}
          checked={preferences.hideAmounts}
          onChange={(event) => setPreferences({ hideAmounts: event.target.checked })}
        />
        <Checkbox
          label={t('settings.singleKeys')}
          hint={t('settings.singleKeysText')}
          checked={preferences.singleKeys}
          onChange={(event) => setPreferences({ singleKeys: event.target.checked })}
        />
      </Card>
      <Card title={t('settings.preview')} description={t('settings.previewText')}>
        <dl className="divide-y text-sm">
          <Sample label={t('settings.previewGain')}>
            <Change value="1234.56" />
          </Sample>
          <Sample label={t('settings.previewLoss')}>
            <Change value="-1234.56" />
          </Sample>
          <Sample label={t('settings.previewAmount')}>
            <span className="num">{formatUsd('100000.00')}</span>
          </Sample>
          <Sample label={t('settings.previewTime')}>
            <span className="num">{formatDateTime(serverNow())}</span>
          </Sample>
        </dl>
      </Card>
    </div>
  )
}

const LINE = 'flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 py-1.5 text-sm'

interface LineProps {
  label: string
  children: ReactNode
}

function Row({ label, children }: LineProps) {
  return (
    <div className={LINE}>
      <span className="text-muted">{label}</span>
      {children}
    </div>
  )
}

function Sample({ label, children }: LineProps) {
  return (
    <div className={LINE}>
      <dt className="text-muted">{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
