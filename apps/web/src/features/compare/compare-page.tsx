import { Link, useSearch } from '@tanstack/react-router'
import { CircleAlert, Trophy } from 'lucide-react'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '../../components/back-link.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { buttonClass } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { DASH, formatDate, formatNumber, toNumber } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { EmptyState } from '../../components/data-block.tsx'
import { Page } from '../../shell/page.tsx'
import { formatFigure, formatFigureChange, isFigure, type FigureName } from '../runs/result/figures.ts'
import { readKey } from '../strategies/config-list.tsx'
import { LineMark } from './line-mark.tsx'

const LinesChart = lazy(async () => ({ default: (await import('../chart/lines-chart.tsx')).LinesChart }))

type Comparison = Outputs['deck']['runs']['compare']['data']

export function ComparePage() {
  const { t } = useTranslation()
  const { ids = '' } = useSearch({ from: '/deck/runs/compare' })
  const enough = ids.split(',').length > 1
  const comparison = trpc.deck.runs.compare.useQuery({ ids }, { enabled: enough, retry: false })
  const back = <BackLink to="/runs">{t('runs.back')}</BackLink>
  return (
    <Page title={t('compare.title')} description={back}>
      {enough ? (
        <DataBlock query={comparison} skeleton={<Skeleton className="h-96 rounded-xl" />}>
          {({ data }) => <Comparison comparison={data} />}
        </DataBlock>
      ) : (
        <Card>
          <EmptyState
            title={t('compare.empty')}
            text={t('compare.emptyText')}
            action={
              <Link to="/runs" className={buttonClass('outline', 'md')}>
                {t('runs.back')}
              </Link>
            }
          />
        </Card>
      )}
    </Page>
  )
}

function Comparison({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation()
  const { runs, warnings, curve } = comparison
  const labels = runs.map((run, index) => `${index + 1} · ${run.strategy_id}`)
  const lines = useMemo(
    () =>
      runs.map((run, index) => ({
        label: run.strategy_id,
        points: curve.map(({ date, indexed }) => ({ date, value: toNumber(indexed[index]) })),
      })),
    [runs, curve],
  )
  const ends = lines.map(({ points }) => points.findLast(({ value }) => value !== null)?.value ?? null)
  const summary = t('compare.summary', {
    lines: labels.map((label, index) => `${label}: ${formatNumber(ends[index], 1)}`).join('; '),
  })
  return (
    <div className="space-y-4">
      {warnings.map((warning) => (
        <p
          key={warning}
          lang="en"
          role="status"
          className="flex items-start gap-2 rounded-lg bg-watch-soft px-3 py-2 text-sm text-watch-ink"
        >
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" /> {warning}
        </p>
      ))}
      <Card title={t('compare.equity')} description={t('compare.equityText')}>
        <ul className="mb-3 flex flex-wrap gap-x-6 gap-y-1 text-sm">
          {runs.map((run, index) => (
            <li key={run.run_id} className="inline-flex flex-wrap items-center gap-x-2">
              <LineMark index={index} />
              <Link
                to="/runs/$runId"
                params={{ runId: run.run_id }}
                className="hover:text-accent hover:underline"
              >
                {labels[index]}
              </Link>
              <span className="num text-xs text-muted">
                {formatDate(run.start_date)} – {run.end_date === null ? DASH : formatDate(run.end_date)}
              </span>
            </li>
          ))}
        </ul>
        <Suspense fallback={<Skeleton className="h-80" />}>
          <LinesChart lines={lines} summary={summary} className="h-80" />
        </Suspense>
      </Card>
      <Card title={t('compare.metrics')} description={t('compare.metricsText')}>
        <Metrics comparison={comparison} labels={labels} />
      </Card>
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <Card title={t('compare.differences')}>
          <Differences comparison={comparison} labels={labels} />
        </Card>
        <Card title={t('compare.correlation')} description={t('compare.correlationText')}>
          <Correlation comparison={comparison} labels={labels} />
        </Card>
      </div>
    </div>
  )
}

interface PartProps {
  comparison: Comparison
  labels: readonly string[]
}

const HEAD = 'border-b px-2.5 py-2 text-xs font-medium text-muted'
const CELL = 'border-b px-2.5 py-1.5'

function Head({ labels, corner }: { labels: readonly string[]; corner: string }) {
  return (
    <thead>
      <tr>
        <th scope="col" className={`${HEAD} text-left`}>
          {corner}
        </th>
        {labels.map((label) => (
          <th key={label} scope="col" className={`${HEAD} text-right`}>
            {label}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** The best of a row has a mark, the others how far they are from the first run. */
function Metrics({ comparison, labels }: PartProps) {
  const { t } = useTranslation()
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section aria-label={t('compare.metrics')} tabIndex={0} className="scroll-thin relative overflow-x-auto">
      <table className="w-full text-sm">
        <Head labels={labels} corner={t('compare.metric')} />
        <tbody>
          {comparison.metrics.map(({ name, values, best }) => {
            const known = isFigure(name) ? name : undefined
            const first = toNumber(values[0])
            return (
              <tr key={name}>
                <th scope="row" className={`${CELL} text-left font-normal whitespace-nowrap`}>
                  {known === undefined ? readKey(name).label : t(`runFigure.${known}`)}
                </th>
                {values.map((value, index) => (
                  <td key={labels[index]} className={`num ${CELL} text-right whitespace-nowrap`}>
                    {best === index && (
                      <Trophy aria-label={t('compare.best')} className="mr-1.5 inline size-3.5 text-up" />
                    )}
                    <span className={best === index ? 'font-semibold' : ''}>
                      {known === undefined ? formatNumber(value) : formatFigure(known, value)}
                    </span>
                    {index > 0 && known && <Delta name={known} from={first} to={toNumber(value)} />}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

interface DeltaProps {
  name: FigureName
  from: number | null
  to: number | null
}

function Delta({ name, from, to }: DeltaProps) {
  if (from === null || to === null || from === to) return null
  return <span className="ml-1.5 text-xs text-muted">({formatFigureChange(name, to - from)})</span>
}

function Differences({ comparison, labels }: PartProps) {
  const { t } = useTranslation()
  if (comparison.differences.length === 0) return <p className="text-sm text-muted">{t('compare.same')}</p>
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section
      aria-label={t('compare.differences')}
      tabIndex={0}
      className="scroll-thin relative overflow-x-auto"
    >
      <table className="w-full text-sm">
        <Head labels={labels} corner={t('audit.fieldName')} />
        <tbody>
          {comparison.differences.map(({ field, values }) => (
            <tr key={field}>
              <th scope="row" className={`${CELL} text-left font-normal`}>
                <code className="text-xs">{field}</code>
              </th>
              {values.map((value, index) => (
                <td
                  key={labels[index]}
                  className={`num ${CELL} max-w-40 truncate text-right`}
                  title={value ?? ''}
                >
                  {value ?? DASH}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Correlation({ comparison, labels }: PartProps) {
  const { t } = useTranslation()
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section
      aria-label={t('compare.correlation')}
      tabIndex={0}
      className="scroll-thin relative overflow-x-auto"
    >
      <table className="w-full text-sm">
        <Head labels={labels} corner={t('field.strategy')} />
        <tbody>
          {comparison.correlations.map((row, index) => (
            <tr key={labels[index]}>
              <th scope="row" className={`${CELL} text-left font-normal whitespace-nowrap`}>
                {labels[index]}
              </th>
              {row.map((value, other) => (
                <td key={labels[other]} className={`num ${CELL} text-right`}>
                  {formatNumber(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
