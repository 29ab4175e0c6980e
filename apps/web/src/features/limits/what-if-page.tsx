import { useParams } from '@tanstack/react-router'
import { History } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '../../components/back-link.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { SendForm } from '../../components/send-form.tsx'
import { Card } from '../../components/ui/card.tsx'
import { SelectField } from '../../components/ui/field.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { formatDate } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { LIMIT_FIELDS, type Limits } from './limit-fields.ts'
import { isBadLimit, LimitInputs, readTyped, type TypedLimits } from './limit-inputs.tsx'

const WhatIfResult = lazy(async () => ({ default: (await import('./what-if-result.tsx')).WhatIfResult }))

/** Limits that a history of trades can be held against; the others are about single messages and feeds. */
const FIELDS = LIMIT_FIELDS.filter(({ rule }) =>
  ['A01', 'A02', 'A03', 'A04', 'R03', 'R05', 'R06', 'R09', 'R10', 'R11', 'R12'].includes(rule),
)

/** What proposed limits would have stopped in the trades that were made, and what that would have cost. */
export function WhatIfPage() {
  const { t } = useTranslation()
  const { strategyId } = useParams({ from: '/deck/strategies/$strategyId/what-if' })
  const limits = trpc.deck.limits.get.useQuery({ strategy_id: strategyId })
  return (
    <Page
      title={t('whatIf.title', { name: strategyId })}
      description={
        <BackLink to="/strategies/$strategyId" params={{ strategyId }} search={{ tab: 'limits' }}>
          {strategyId}
        </BackLink>
      }
    >
      <DataBlock query={limits} skeleton={<Skeleton className="h-96 rounded-xl" />}>
        {({ data }) => <WhatIf strategyId={strategyId} inForce={data.limits} />}
      </DataBlock>
    </Page>
  )
}

type Source = 'PAPER' | 'LIVE' | { runId: string }

function WhatIf({ strategyId, inForce }: { strategyId: string; inForce: Limits }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<TypedLimits>({})
  const [source, setSource] = useState<Source>('PAPER')
  const replay = trpc.deck.limitsBacktests.run.useMutation()
  const limits = readTyped(typed)
  const isReady = Object.keys(limits).length > 0 && !FIELDS.some((field) => isBadLimit(field, typed))
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[28rem_1fr]">
      <Card title={t('whatIf.proposed')} description={t('whatIf.proposedHint')}>
        <SendForm
          sending={replay}
          submitLabel={
            <>
              {!replay.isPending && <History aria-hidden className="size-4" />} {t('whatIf.replay')}
            </>
          }
          blocked={isReady ? undefined : t('whatIf.needsOne')}
          onSubmit={() => {
            const from = typeof source === 'string' ? { mode: source } : { run_id: source.runId }
            if (isReady) replay.mutate({ strategy_id: strategyId, limits, ...from })
          }}
        >
          <SourceField strategyId={strategyId} value={source} onChange={setSource} />
          <div className="grid items-end gap-4 sm:grid-cols-2">
            <LimitInputs fields={FIELDS} typed={typed} otherwise={inForce} onChange={setTyped} />
          </div>
        </SendForm>
      </Card>
      {replay.data ? (
        <Suspense fallback={<Skeleton className="h-96 rounded-xl" />}>
          <WhatIfResult result={replay.data.data} />
        </Suspense>
      ) : (
        <Card>
          <p className="py-10 text-center text-sm text-muted">{t('whatIf.nothing')}</p>
        </Card>
      )}
    </div>
  )
}

interface SourceFieldProps {
  strategyId: string
  value: Source
  onChange: (source: Source) => void
}

/** Whose trades: of the books, or of a finished backtest. */
function SourceField({ strategyId, value, onChange }: SourceFieldProps) {
  const { t } = useTranslation()
  const runs = trpc.v1.runs.list.useQuery({
    strategy_id: strategyId,
    run_type: 'BACKTEST',
    status: 'COMPLETED',
    per_page: 50,
  })
  return (
    <SelectField
      label={t('whatIf.source')}
      value={typeof value === 'string' ? value : value.runId}
      onChange={({ target: { value: chosen } }) =>
        onChange(chosen === 'PAPER' || chosen === 'LIVE' ? chosen : { runId: chosen })
      }
    >
      <option value="PAPER">{t('whatIf.books', { mode: t('mode.PAPER') })}</option>
      <option value="LIVE">{t('whatIf.books', { mode: t('mode.LIVE') })}</option>
      {runs.data?.data.map((run) => (
        <option key={run.run_id} value={run.run_id}>
          {t('whatIf.run', {
            from: formatDate(run.start_date),
            to: formatDate(run.end_date),
            id: run.run_id.slice(0, 8),
          })}
        </option>
      ))}
    </SelectField>
  )
}
