import { Link, type LinkProps } from '@tanstack/react-router'
import { Circle, CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../../components/ui/card.tsx'
import { useUser } from '../../lib/session.ts'
import { trpc } from '../../lib/trpc.ts'

const LINK = 'font-medium text-accent underline underline-offset-2'

/** What to do with an empty installation, and what of it is done. */
export function Checklist() {
  const { t } = useTranslation()
  const mayTrade = useUser()?.role !== 'viewer'
  const keys = trpc.deck.apiKeys.list.useQuery({}, { enabled: mayTrade })
  const bars = trpc.deck.marketData.listInstruments.useQuery({})
  const runs = trpc.v1.runs.list.useQuery({ per_page: 1 })
  return (
    <Card title={t('checklist.title')} description={t('checklist.text')}>
      <ol className="space-y-2.5 text-sm">
        <Step isDone={(bars.data?.data.length ?? 0) > 0}>
          {t('checklist.data')} <To to="/data">{t('nav.data')}</To>
        </Step>
        <Step isDone={(keys.data?.data.length ?? 0) > 0}>
          {t('checklist.key')}{' '}
          <Link to="/settings/$tab" params={{ tab: 'keys' }} className={LINK}>
            {t('settings.tab.keys')}
          </Link>
        </Step>
        <Step isDone={false}>
          {t('checklist.strategy')} <To to="/strategies">{t('nav.strategies')}</To>
        </Step>
        <Step isDone={(runs.data?.meta.total_count ?? 0) > 0}>
          {t('checklist.run')}{' '}
          <Link to="/runs" search={{ new: true }} className={LINK}>
            {t('palette.newRun')}
          </Link>
        </Step>
        <Step isDone={false}>
          {t('checklist.docs')}{' '}
          <a href="/docs" className={LINK}>
            /docs
          </a>
        </Step>
      </ol>
      <p className="mt-4 text-xs text-muted">
        {t('checklist.demo')} <code className="rounded bg-raised px-1.5 py-0.5">DEMO=on npm start</code>
      </p>
    </Card>
  )
}

function To({ to, children }: { to: LinkProps['to']; children: ReactNode }) {
  return (
    <Link to={to} className={LINK}>
      {children}
    </Link>
  )
}

function Step({ isDone, children }: { isDone: boolean; children: ReactNode }) {
  const { t } = useTranslation()
  const Icon = isDone ? CircleCheck : Circle
  return (
    <li className="flex items-start gap-2.5">
      <Icon
        aria-hidden
        className={isDone ? 'mt-0.5 size-4 shrink-0 text-up' : 'mt-0.5 size-4 shrink-0 text-muted'}
      />
      <span>
        {isDone && <span className="sr-only">{t('checklist.done')}: </span>}
        {children}
      </span>
    </li>
  )
}
