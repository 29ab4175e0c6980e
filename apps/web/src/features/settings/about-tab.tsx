import { CONTRACT_VERSION } from '@quantdeck/contracts'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../../components/ui/card.tsx'

const LINKS = [
  ['/docs', 'docs'],
  ['/redoc', 'redoc'],
  ['/openapi.json', 'openapi'],
  ['/asyncapi.json', 'asyncapi'],
] as const

export function AboutTab() {
  const { t } = useTranslation()
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Card title={t('app.name')} description={t('about.text')}>
        <dl className="divide-y text-sm">
          <Line name={t('about.contract')}>{CONTRACT_VERSION}</Line>
          {LINKS.map(([href, name]) => (
            <Line key={href} name={t(`about.${name}`)}>
              <a href={href} className="text-accent underline underline-offset-2">
                {href}
              </a>
            </Line>
          ))}
        </dl>
      </Card>
      <Card title={t('about.licences')}>
        <p className="text-sm text-muted">{t('about.licencesText')}</p>
        <p className="mt-3 text-sm">
          <a
            href="https://www.tradingview.com/"
            target="_blank"
            rel="noreferrer"
            className="text-accent underline underline-offset-2"
          >
            {t('app.attribution')}
          </a>
        </p>
        <h3 className="mt-4 text-sm font-medium">{t('about.data')}</h3>
        <p className="mt-1 text-sm text-muted">{t('about.dataText')}</p>
      </Card>
    </div>
  )
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 py-2">
      <dt className="text-muted">{name}</dt>
      <dd className="num">{children}</dd>
    </div>
  )
}
