import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDateTime, formatDrawdown, formatUsd } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import type { Subject } from './scopes.ts'

type Mode = Outputs['v1']['strategies']['list']['data'][number]['mode']

/** What the release sets going, and what still holds: read before anything is typed. */
export function ReleasePreview({ subject }: { subject: Subject }) {
  const { t } = useTranslation()
  const strategies = trpc.v1.strategies.list.useQuery({})
  const modes = new Map(strategies.data?.data.map(({ strategy_id: id, mode }) => [id, mode]))
  const preview = trpc.deck.killSwitch.releasePreview.useQuery(subject)
  return (
    <DataBlock query={preview} skeleton={<Skeleton className="h-16" />}>
      {({ data }) => (
        <div className="space-y-2 rounded-lg bg-raised px-3 py-2 text-sm">
          {data.strategies.length === 0 && <p>{t('controls.releaseNothing')}</p>}
          <ul className="space-y-1.5">
            {data.strategies.map((row) => (
              <li key={row.strategy_id}>
                <Name name={row.name} mode={modes.get(row.strategy_id)} />{' '}
                {row.would_trade ? (
                  <Badge tone="warn">{t('controls.tradesAgain')}</Badge>
                ) : (
                  <Badge>{row.is_active ? t('controls.staysBlocked') : t('strategyStatus.inactive')}</Badge>
                )}
                {row.blocks.map((block) => (
                  <span key={`${block.scope}|${block.code}`} className="block text-xs text-muted">
                    {block.message}
                    {block.until !== null &&
                      ` (${t('controls.blockUntil', { time: formatDateTime(block.until) })})`}
                  </span>
                ))}
              </li>
            ))}
          </ul>
          {data.rebased_peaks.map((peak) => (
            <p key={peak.scope} className="text-xs text-muted">
              {t('controls.rebase', {
                drawdown: formatDrawdown(peak.drawdown),
                equity: formatUsd(peak.equity),
              })}
            </p>
          ))}
        </div>
      )}
    </DataBlock>
  )
}

/** With the money it trades, as soon as that is known. */
function Name({ name, mode }: { name: string; mode: Mode | undefined }) {
  return (
    <>
      {mode && <ModeBadge mode={mode} />} <span className="font-medium">{name}</span>
    </>
  )
}
