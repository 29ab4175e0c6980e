import { randomUUID } from 'node:crypto'
import { Decimal, type Fill, type Instrument, type Position, type Strategy } from '@quantdeck/domain'
import type { AlertRule } from '../queries/alert-rules.ts'
import type { NewAlert } from '../queries/alerts.ts'
import type { NewAuditEntry } from '../queries/audit.ts'
import type { NewOrder } from '../queries/orders.ts'
import type { NewSignal } from '../queries/signals.ts'
import type { NewUser } from '../queries/users.ts'
import type { Webhook } from '../queries/webhooks.ts'

/** Valid rows to vary from: each call makes new ids, everything else is fixed. */
export const SAMPLE_AT = new Date('2026-01-07T16:30:00.000Z')

const at = (seconds: number) => new Date(SAMPLE_AT.getTime() + seconds * 1000)

export function sampleUser(over: Partial<NewUser> = {}): NewUser {
  const userId = randomUUID()
  return {
    userId,
    email: `${userId}@example.com`,
    name: 'Sample',
    passwordHash: 'none',
    role: 'trader',
    createdAt: SAMPLE_AT,
    updatedAt: SAMPLE_AT,
    ...over,
  }
}

export function sampleInstrument(over: Partial<Instrument> = {}): Instrument {
  return {
    symbol: 'AAPL',
    contractType: 'STOCK',
    currency: 'USD',
    tickSize: new Decimal('0.01'),
    lotSize: new Decimal(1),
    minQuantity: new Decimal(1),
    maxQuantity: null,
    multiplier: new Decimal(1),
    priceDecimals: 2,
    quantityDecimals: 0,
    calendar: 'NYSE',
    barIntervalSeconds: 86_400,
    source: 'test',
    ...over,
  }
}

export function sampleStrategy(over: Partial<Strategy> = {}): Strategy {
  return {
    strategyId: 'momentum_v1',
    name: 'Momentum Strategy V1',
    description: 'Momentum on S&P 500 stocks',
    status: 'active',
    mode: 'PAPER',
    ownerId: null,
    isPublic: true,
    universe: ['AAPL', 'MSFT'],
    maxPositions: 10,
    allocatedCapital: new Decimal('30000'),
    config: { model_type: 'xgboost', signal_threshold: 0.6, stop_loss_pct: '2.0' },
    version: 1,
    createdAt: SAMPLE_AT,
    updatedAt: SAMPLE_AT,
    updatedBy: null,
    ...over,
  }
}

export function sampleOrder(over: Partial<NewOrder> = {}): NewOrder {
  const orderId = randomUUID()
  return {
    orderId,
    clientOrderId: `client-${orderId}`,
    mode: 'PAPER',
    strategyId: 'momentum_v1',
    symbol: 'MSFT',
    side: 'BUY',
    quantity: new Decimal('50'),
    orderType: 'LIMIT',
    limitPrice: new Decimal('380.00'),
    stopPrice: null,
    timeInForce: 'DAY',
    status: 'FILLED',
    filledQuantity: new Decimal('50'),
    averageFillPrice: new Decimal('379.85'),
    fees: new Decimal('1.25'),
    origin: 'signal',
    isEntry: true,
    reduceOnly: false,
    signalId: null,
    stopLoss: new Decimal('370'),
    takeProfit: null,
    rejectedBy: null,
    violations: [],
    brokerOrderId: null,
    inDoubt: false,
    isHeld: false,
    ocoGroupId: null,
    submittedAt: SAMPLE_AT,
    filledAt: at(135),
    cancelledAt: null,
    ...over,
  }
}

export function sampleFill(orderId: string, over: Partial<Fill> = {}): Fill {
  const fillId = randomUUID()
  return {
    fillId,
    orderId,
    brokerTradeId: `trade-${fillId}`,
    mode: 'PAPER',
    strategyId: 'momentum_v1',
    symbol: 'MSFT',
    side: 'BUY',
    quantity: new Decimal('50'),
    price: new Decimal('379.85'),
    fee: new Decimal('1.25'),
    usdRate: new Decimal('1'),
    filledAt: at(135),
    ...over,
  }
}

export function samplePosition(over: Partial<Position> = {}): Omit<Position, 'seq'> {
  return {
    positionId: randomUUID(),
    mode: 'PAPER',
    strategyId: 'momentum_v1',
    symbol: 'AAPL',
    quantity: new Decimal('100'),
    costBasis: new Decimal('15025'),
    realizedQuote: new Decimal('0'),
    realizedUsd: new Decimal('0'),
    feesUsd: new Decimal('1'),
    costUsd: new Decimal('15025'),
    peakQuantity: new Decimal('100'),
    closedQuantity: new Decimal('0'),
    side: 'BUY',
    entryPrice: new Decimal('150.25'),
    exitPrice: null,
    stopLoss: new Decimal('147.25'),
    takeProfit: null,
    openedAt: SAMPLE_AT,
    closedAt: null,
    ...over,
  }
}

export function sampleSignal(over: Partial<NewSignal> = {}): NewSignal {
  return {
    signalId: randomUUID(),
    strategyId: 'momentum_v1',
    symbol: 'MSFT',
    signal: 'LONG',
    side: 'buy',
    confidence: 0.87,
    size: 0.5,
    entryPrice: new Decimal('380'),
    stopLoss: new Decimal('370'),
    takeProfit: null,
    riskUsd: new Decimal('500'),
    reasoning: 'momentum',
    signalAt: SAMPLE_AT,
    receivedAt: SAMPLE_AT,
    clientSignalId: null,
    outcome: 'ORDERS',
    outcomeReasons: [],
    orderIds: [],
    source: 'api',
    ...over,
  }
}

export function sampleAlert(over: Partial<NewAlert> = {}): NewAlert {
  return {
    alertId: randomUUID(),
    severity: 'CRITICAL',
    code: 'DRAWDOWN_LIMIT',
    message: 'Kill switch triggered: Max drawdown exceeded -10%',
    context: { strategy_id: 'momentum_v1', current_drawdown: '-10.5', threshold: '-10.0' },
    strategyId: 'momentum_v1',
    dedupeKey: null,
    acknowledged: false,
    acknowledgedAt: null,
    acknowledgedBy: null,
    createdAt: SAMPLE_AT,
    ...over,
  }
}

export function sampleAuditEntry(over: Partial<NewAuditEntry> = {}): NewAuditEntry {
  return {
    auditId: randomUUID(),
    at: SAMPLE_AT,
    actorId: null,
    actorLabel: 'admin@example.com',
    role: 'admin',
    action: 'kill_switch.activate',
    entity: 'kill_switch',
    entityId: 'global',
    before: null,
    after: { level: 'HALTED', nested: { b: 1, a: [1, 'two', null] } },
    reason: 'unusual volatility',
    requestId: 'req-1',
    ip: '127.0.0.1',
    ...over,
  }
}

export function sampleAlertRule(over: Partial<AlertRule> = {}): AlertRule {
  return {
    ruleId: randomUUID(),
    kind: 'cooldown',
    strategyId: null,
    isEnabled: true,
    severity: null,
    threshold: null,
    dedupeMinutes: null,
    repeatMinutes: null,
    escalateMinutes: null,
    escalateWebhookId: null,
    createdAt: SAMPLE_AT,
    updatedAt: SAMPLE_AT,
    updatedBy: 'sample@example.com',
    ...over,
  }
}

/** `urlSealed` and `secretSealed` hold nothing that could be opened. */
export function sampleWebhook(over: Partial<Webhook> = {}): Webhook {
  return {
    webhookId: randomUUID(),
    name: 'Operations',
    format: 'json',
    urlSealed: 'sealed',
    urlHint: 'https://hooks.example.com/…',
    chatId: null,
    secretSealed: 'sealed',
    previousSecretSealed: null,
    previousSecretUntil: null,
    minSeverity: 'INFO',
    kinds: null,
    events: ['alert.raised', 'alert.repeated', 'alert.escalated', 'alert.acknowledged'],
    isEnabled: true,
    disabledReason: null,
    createdAt: SAMPLE_AT,
    createdBy: 'sample@example.com',
    updatedAt: SAMPLE_AT,
    ...over,
  }
}
