import {
  listKillSwitches,
  listLastInferences,
  type AlertRecord,
  type AlertRule,
  type KillSwitch,
  ruleFor,
} from '@quantdeck/db'
import { Decimal, formatInstant, formatPercent, TRADING_MODES, utcDay } from '@quantdeck/domain'
import { accountScope, type RiskLimits, type RiskState, strategyScope } from '@quantdeck/risk'

import type { Books } from '../../desk/books.ts'
import { watchedSymbols } from '../../desk/feed-watch.ts'
import { feedAgeSeconds } from '../../desk/risk-request.ts'
import { accountEquity, strategyEquity } from '../../desk/valuation.ts'
import type { Deps } from '../../deps.ts'
import type { RaisedAlert } from './raise.ts'

/** One scope of the risk engine, as alerts see it. Losses are positive percentages. */
interface ScopeFacts {
  scope: string
  strategyId: string | null
  state: RiskState
  limits: RiskLimits
  drawdownPct: Decimal
  dailyLossPct: Decimal
}

interface FeedFacts {
  symbol: string
  lastPriceAt: string
  ageSeconds: number
}

/** What is the case now, as far as alerts tell of it. */
export interface Facts {
  at: Date
  switches: KillSwitch[]
  scopes: ScopeFacts[]
  feeds: FeedFacts[]
  criticalModels: ReadonlySet<string>
  /** When the models acted last of which somebody was told that they are silent. */
  lastInferences: ReadonlyMap<string, string>
}

/** @param open alerts that are to be looked at: some of them need facts of their own */
export async function readFacts(deps: Deps, open: readonly AlertRecord[]): Promise<Facts> {
  const facts: Facts = {
    at: deps.clock.now(),
    switches: await listKillSwitches(deps.db.kysely),
    scopes: [],
    feeds: [],
    criticalModels: new Set(),
    lastInferences: await lastInferencesOf(deps, open),
  }
  const critical = new Set<string>()
  for (const mode of TRADING_MODES) {
    await deps.desk.read(mode, (books, at) => {
      facts.scopes.push(...scopesOf(books, at))
      for (const [id, status] of books.modelHealth) if (status === 'critical') critical.add(id)
      for (const feed of feedsOf(books, at)) {
        if (!facts.feeds.some(({ symbol }) => symbol === feed.symbol)) facts.feeds.push(feed)
      }
    })
  }
  return { ...facts, criticalModels: critical }
}

async function lastInferencesOf({ db }: Deps, open: readonly AlertRecord[]): Promise<Map<string, string>> {
  const silent = open.flatMap(({ code, strategyId }) =>
    code === 'MODEL_SILENT' && strategyId !== null ? [strategyId] : [],
  )
  if (silent.length === 0) return new Map()
  const found = await listLastInferences(db.kysely, [...new Set(silent)], 1)
  return new Map(
    [...found].flatMap(([strategyId, [last]]) =>
      last === undefined ? [] : [[strategyId, formatInstant(last.inferredAt)] as const],
    ),
  )
}

function scopesOf(books: Books, at: Date): ScopeFacts[] {
  const account = lossesOf(books.risk, accountEquity(books, at).equity)
  const scopes: ScopeFacts[] = [
    {
      scope: accountScope(books.mode),
      strategyId: null,
      state: books.risk,
      limits: books.limits,
      ...account,
    },
  ]
  for (const book of books.strategies.values()) {
    const { strategyId, mode } = book.strategy
    if (mode !== books.mode) continue
    const losses = lossesOf(book.risk, strategyEquity(books, book, at).equity)
    const scope = strategyScope(strategyId, books.mode)
    scopes.push({ scope, strategyId, state: book.risk, limits: book.limits, ...losses })
  }
  return scopes
}

function lossesOf({ peakEquity, dayOpenEquity }: RiskState, equity: Decimal) {
  return { drawdownPct: lossPct(peakEquity, equity), dailyLossPct: lossPct(dayOpenEquity, equity) }
}

function lossPct(base: string, equity: Decimal): Decimal {
  const from = new Decimal(base)
  return from.isZero() ? new Decimal(0) : from.minus(equity).div(from).times(100)
}

function feedsOf(books: Books, at: Date): FeedFacts[] {
  return [...watchedSymbols(books)].flatMap((symbol) => {
    const instrument = books.instruments.get(symbol)
    const mark = books.marks.get(symbol)
    if (!instrument || !mark) return []
    const ageSeconds = feedAgeSeconds(instrument, mark.at, at)
    return [{ symbol, lastPriceAt: formatInstant(mark.at), ageSeconds }]
  })
}

/**
 * Does what an alert tells of still last? What has no condition that could be looked at (a late fill, a wrong password)
 * lasts until somebody acknowledges it.
 */
export function isLasting(alert: AlertRecord, facts: Facts, rules: readonly AlertRule[]): boolean {
  const { code, context, strategyId } = alert
  const scopes = scopesOfAlert(alert, facts)
  const threshold = ruleFor(rules, alert)?.threshold ?? null
  switch (code) {
    case 'KILL_SWITCH_ACTIVATED':
      return facts.switches.some(({ scope, level }) => scope === context['scope'] && level !== 'ACTIVE')
    case 'KILL_SWITCH_RELEASED':
    case 'KILL_SWITCH_FLATTEN':
      return false
    case 'KILL_SWITCH_DRAWDOWN':
      return scopes.some(({ state }) => state.drawdownTrippedAt !== null)
    case 'DRAWDOWN_WARNING':
      return scopes.some(({ drawdownPct, limits }) => drawdownPct.gte(threshold ?? warningPct(limits)))
    case 'DAILY_LOSS_WARNING':
      return threshold !== null && scopes.some(({ dailyLossPct }) => dailyLossPct.gte(threshold))
    case 'DAILY_LOSS_LIMIT':
      return scopes.some(({ state }) => state.dailyLossBlockedAt !== null)
    case 'COOLDOWN_STARTED':
      return scopes.some(
        ({ state }) => state.cooldownUntil !== null && facts.at.getTime() < state.cooldownUntil,
      )
    case 'FEED_DOWN':
      return facts.feeds.some(
        ({ symbol, lastPriceAt }) => symbol === context['symbol'] && lastPriceAt === context['last_price_at'],
      )
    case 'MODEL_CRITICAL':
      return strategyId !== null && facts.criticalModels.has(strategyId)
    case 'MODEL_SILENT': {
      const last = facts.lastInferences.get(strategyId ?? '')
      return last === undefined || last === context['last_inference']
    }
    default:
      return !alert.acknowledged
  }
}

function warningPct(limits: RiskLimits): Decimal {
  return new Decimal(limits.drawdownWarning).times(100)
}

function scopesOfAlert({ context, strategyId }: AlertRecord, { scopes }: Facts): ScopeFacts[] {
  return scopes.filter((one) =>
    strategyId === null ? one.scope === context['scope'] : one.strategyId === strategyId,
  )
}

/**
 * What a rule's own threshold says and the risk engine does not: it tells at its own limits. Each is named by the
 * episode (the peak, the day, the last price), so that it is raised once however often this is asked.
 */
export function thresholdAlerts(facts: Facts, rules: readonly AlertRule[]): RaisedAlert[] {
  return [...facts.scopes.flatMap((scope) => lossAlerts(scope, facts, rules)), ...feedAlerts(facts, rules)]
}

function lossAlerts(one: ScopeFacts, { at }: Facts, rules: readonly AlertRule[]): RaisedAlert[] {
  const { scope, strategyId, state, drawdownPct, dailyLossPct } = one
  const thresholdOf = (kind: 'drawdown_warning' | 'daily_loss') =>
    ruleFor(rules, { kind, strategyId })?.threshold ?? null
  const subject: RaisedAlert['context'] = strategyId === null ? { scope } : { strategy_id: strategyId }
  const who = strategyId ?? scope
  const found: RaisedAlert[] = []
  const drawdown = thresholdOf('drawdown_warning')
  if (drawdown !== null && drawdownPct.gte(drawdown)) {
    found.push({
      severity: 'WARNING',
      code: 'DRAWDOWN_WARNING',
      message: `Drawdown warning: ${negative(drawdownPct)}% from the peak (${who}), told from ${drawdown.neg().toFixed()}%`,
      context: { ...subject, current_drawdown: negative(drawdownPct), threshold: drawdown.neg().toFixed() },
      strategyId,
      dedupeKey: `${scope}:drawdown_threshold:${drawdown.toFixed()}:${state.peakEquity}`,
    })
  }
  const loss = thresholdOf('daily_loss')
  if (loss !== null && dailyLossPct.gte(loss)) {
    found.push({
      severity: 'WARNING',
      code: 'DAILY_LOSS_WARNING',
      message: `Daily loss warning: ${negative(dailyLossPct)}% since the day's open (${who}), told from ${loss.neg().toFixed()}%`,
      context: { ...subject, daily_pnl: negative(dailyLossPct), threshold: loss.neg().toFixed() },
      strategyId,
      dedupeKey: `${scope}:daily_loss_threshold:${loss.toFixed()}:${state.dayKey === '' ? utcDay(at) : state.dayKey}`,
    })
  }
  return found
}

function negative(lossInPercent: Decimal): string {
  return formatPercent(lossInPercent.div(-100))
}

function feedAlerts({ feeds }: Facts, rules: readonly AlertRule[]): RaisedAlert[] {
  const threshold = ruleFor(rules, { kind: 'feed_stale', strategyId: null })?.threshold ?? null
  if (threshold === null) return []
  return feeds
    .filter(({ ageSeconds }) => threshold.times(60).lte(ageSeconds))
    .map(({ symbol, lastPriceAt, ageSeconds }) => ({
      severity: 'ERROR',
      code: 'FEED_DOWN',
      message: `No price of ${symbol} for ${Math.floor(ageSeconds / 60)} minutes of session time`,
      context: { symbol, last_price_at: lastPriceAt, age_seconds: ageSeconds },
      strategyId: null,
      // As the desk names the outage: told once, whoever is first.
      dedupeKey: `FEED_DOWN:${symbol}:${Date.parse(lastPriceAt)}`,
    }))
}
