import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../../components/ui/card.tsx'
import { formatDate, formatInteger, formatPercent, formatQuantity, formatUsd } from '../../lib/format.ts'
import { ConfigList, ConfigValue, readKey } from '../strategies/config-list.tsx'
import { readFacts, type RunFacts } from './run-facts.ts'
import type { RunDetail } from './run-page.tsx'

/** `isName`: the label is a parameter's own name, the same in any language. */
type Fact = readonly [label: string, value: ReactNode, isName?: boolean]

/** What a reader needs in order to believe a result or to repeat it. */
export function RunAssumptions({ assumptions }: { assumptions: RunDetail['assumptions'] }) {
  const { t } = useTranslation()
  const facts = readFacts(assumptions)
  if (facts === null && Object.keys(assumptions).length === 0) return null
  return (
    <Card title={t('runs.assumptions')} description={t('runs.assumptionsHint')}>
      {facts === null ? (
        <ConfigList config={assumptions} columns />
      ) : (
        <div className="grid gap-x-10 gap-y-5 md:grid-cols-2">
          <Group title={t('assumption.data')} facts={dataFacts(facts, t)} />
          <Group title={t('assumption.costs')} facts={costFacts(facts, t)} />
          <Group title={t('assumption.model')} facts={modelFacts(facts, t)} />
          <Group title={t('assumption.engine')} facts={engineFacts(facts, t)} />
        </div>
      )}
    </Card>
  )
}

function Group({ title, facts }: { title: string; facts: readonly Fact[] }) {
  return (
    <div className="min-w-0">
      <h3 className="text-xs font-semibold text-muted">{title}</h3>
      <dl className="mt-1 divide-y text-sm">
        {facts.map(([label, value, isName]) => (
          <div key={label} className="flex justify-between gap-4 py-1.5">
            <dt translate={isName === true ? 'no' : undefined} className="text-muted">
              {label}
            </dt>
            <dd className="num min-w-0 text-right break-words whitespace-normal">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function dataFacts(facts: RunFacts, t: TFunction): Fact[] {
  const day = (ms: number) => formatDate(new Date(ms).toISOString().slice(0, 10))
  const gaps = facts.gaps.map((gap) => (
    <span key={`${gap.symbol}${gap.from_t}`} className="block">
      {gap.symbol}: {day(gap.from_t)} – {day(gap.to_t)}
    </span>
  ))
  return [
    [t('field.universe'), facts.symbols.join(', ')],
    [
      t('assumption.bars'),
      t('assumption.barsValue', {
        bars: formatInteger(facts.bars),
        warmup: formatInteger(facts.warmup_bars),
      }),
    ],
    [t('assumption.gaps'), gaps.length > 0 ? gaps : t('assumption.noGaps')],
    [t('assumption.hash'), <code key="hash">{facts.data_hash}</code>],
  ]
}

function costFacts({ costs, total_fees: paid }: RunFacts, t: TFunction): Fact[] {
  const fees = [
    t('assumption.feeShare', { bps: formatQuantity(costs.fee_bps) }),
    ...(costs.fee_per_unit > 0 ? [t('assumption.feeUnit', { fee: formatUsd(costs.fee_per_unit) })] : []),
    ...(costs.fixed_fee > 0 ? [t('assumption.feeFill', { fee: formatUsd(costs.fixed_fee) })] : []),
    ...(costs.minimum_fee > 0 ? [t('assumption.feeLeast', { fee: formatUsd(costs.minimum_fee) })] : []),
  ]
  const slippage = { bps: formatQuantity(costs.slippage_bps) }
  const isRandom = costs.slippage_model === 'uniform'
  return [
    [t('field.fees'), fees.join(', ')],
    [
      t('assumption.slippage'),
      isRandom ? t('assumption.slippageRandom', slippage) : t('assumption.slippageFixed', slippage),
    ],
    [t('assumption.spread'), t('assumption.spreadValue', { bps: formatQuantity(costs.spread_bps) })],
    [t('assumption.paid'), formatUsd(paid)],
  ]
}

function modelFacts({ request }: RunFacts, t: TFunction): Fact[] {
  const parameters = Object.entries(request.parameters).map(([name, value]): Fact => {
    const { label, unit } = readKey(name)
    return [label, <ConfigValue key={name} value={value} unit={unit} />, true]
  })
  const threshold: Fact[] =
    request.signal_threshold === null ? [] : [[t('assumption.threshold'), String(request.signal_threshold)]]
  return [[t('assumption.model'), request.model_type.replaceAll('_', ' ')], ...threshold, ...parameters]
}

function engineFacts(facts: RunFacts, t: TFunction): Fact[] {
  const refused = Object.values(facts.refusals).reduce((sum, count) => sum + count, 0)
  const engine = t('assumption.riskOn', { count: refused, refused: formatInteger(refused) })
  return [
    [t('assumption.sizing'), sizingText(facts.sizing, t)],
    [t('assumption.fill'), facts.fill === 'close' ? t('assumption.fillClose') : t('assumption.fillOpen')],
    [t('assumption.atEnd'), finalExitText(facts.final_exit, t)],
    [t('assumption.risk'), facts.risk_engine ? engine : t('assumption.riskOff')],
    [t('assumption.seed'), String(facts.seed)],
    [t('assumption.version'), facts.engine_version],
  ]
}

function sizingText(sizing: RunFacts['sizing'], t: TFunction): string {
  switch (sizing.kind) {
    case 'fraction': {
      const base = sizing.of === 'equity' ? t('assumption.sizeEquity') : t('assumption.sizeAllocation')
      if (sizing.risk_per_trade === null) return base
      return `${base}, ${t('assumption.sizeRisk', { share: percent(sizing.risk_per_trade) })}`
    }
    case 'all_in':
      return t('assumption.sizeAll')
    case 'units':
      return t('assumption.sizeUnits', { units: formatQuantity(sizing.units) })
    case 'risk':
      return t('assumption.sizeByRisk', { share: percent(sizing.fraction) })
  }
}

function percent(fraction: number): string {
  return formatPercent(fraction * 100, { digits: 1 })
}

const FINAL_EXITS = ['last_close', 'last_open', 'previous_close', 'keep'] as const

function finalExitText(exit: string, t: TFunction): string {
  const known = FINAL_EXITS.find((name) => name === exit)
  return known === undefined ? exit : t(`assumption.exit.${known}`)
}
