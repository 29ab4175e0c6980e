import {
  appendAudit,
  insertAlerts,
  insertInstrument,
  insertOrders,
  insertSignals,
  insertStrategy,
  upsertPositions,
} from '@quantdeck/db'
import {
  SAMPLE_AT,
  sampleAlert,
  sampleAuditEntry,
  sampleOrder,
  samplePosition,
  sampleSignal,
  sampleStrategy,
} from '@quantdeck/db/testing'
import { Decimal, ensureDefined, ZERO } from '@quantdeck/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../harness.ts'
import { stock } from '../harness/seed.ts'

/** More than two turns of an export. */
const MANY = 1_021
const at = (second: number) => new Date(SAMPLE_AT.getTime() + second * 1000)
const FORMULA = '=HYPERLINK("http://evil.example","click, here")'

let api: TestApi
let token: string

beforeAll(async () => {
  api = await startTestApi({ logLevel: 'warn' })
  token = await api.enter(api.users.admin.userId)
  const { kysely } = api.deps.db
  await insertStrategy(kysely, sampleStrategy())
  await insertOrders(
    kysely,
    Array.from({ length: MANY }, (_, n) => sampleOrder({ submittedAt: at(n % 50) })),
  )
  await insertAlerts(kysely, [
    ...Array.from({ length: 40 }, (_, n) => sampleAlert({ createdAt: at(n), severity: 'INFO' })),
    sampleAlert({ createdAt: at(41), message: FORMULA }),
    sampleAlert({ createdAt: at(42), message: '+1-2' }),
    sampleAlert({ createdAt: at(43), message: '@SUM(A1)\n"two lines"' }),
  ])
  await insertSignals(
    kysely,
    [-3, -2, -1].map((n) => sampleSignal({ signalAt: at(n), reasoning: `-${n} of 3` })),
  )
  await appendAudit(kysely, [sampleAuditEntry({ reason: FORMULA }), sampleAuditEntry({ entityId: null })])
  await seedPositions()
}, 60_000)

afterAll(() => api?.close())

async function seedPositions(): Promise<void> {
  const { kysely } = api.deps.db
  const closed = { quantity: ZERO, costBasis: ZERO, closedQuantity: new Decimal(100), closedAt: at(90) }
  for (const [n, over] of [{}, {}, closed, closed].entries()) {
    await insertInstrument(kysely, stock(`S${n}`))
    const loss = { exitPrice: new Decimal(140), realizedUsd: new Decimal(-1025) }
    const position = samplePosition({ symbol: `S${n}`, openedAt: at(n), ...over })
    await upsertPositions(kysely, [position.closedAt === null ? position : { ...position, ...loss }])
  }
}

type Row = Record<string, unknown>

/** All rows as the list's pages give them. */
async function listed(path: string): Promise<Row[]> {
  const rows: Row[] = []
  for (let page = 1; ; page += 1) {
    const { body, status } = await api.call('GET', `${path}&per_page=100&page=${page}`, { token })
    expect([path, status]).toEqual([path, 200])
    const { data } = body as { data: Row[] }
    rows.push(...data)
    if (data.length < 100) return rows
  }
}

/** RFC 4180, by the book. */
function parseCsv(text: string): Row[] {
  const lines: string[][] = [[]]
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  for (const [, quoted, bare, end] of text.matchAll(field)) {
    ensureDefined(lines.at(-1), 'a line').push(quoted?.replaceAll('""', '"') ?? bare ?? '')
    if (end === '\r\n') lines.push([])
  }
  expect(lines.pop(), 'the last line ends').toEqual([])
  const [header = [], ...rows] = lines
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index]])))
}

/** What a cell holds of a value: nothing for null, JSON for what has parts; nothing that acts as a formula. */
function asCell(value: unknown): string {
  if (value === null) return ''
  if (typeof value !== 'string') return JSON.stringify(value)
  return /^[=+\-@]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value
}

function asCells(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asCell(value)]))
}

const LISTS = {
  positions: { path: '/v1/positions', filters: ['', 'symbol=S0'], count: 2 },
  orders: {
    path: '/v1/orders',
    filters: ['', 'status=PENDING', 'from_date=2026-01-07&mode=PAPER'],
    count: MANY,
  },
  trades: { path: '/v1/trades', filters: ['', 'symbol=S2'], count: 2 },
  signals: { path: '/v1/signals', filters: ['', 'signal=SHORT'], count: 3 },
  alerts: { path: '/v1/alerts', filters: ['', 'severity=CRITICAL&acknowledged=false'], count: 43 },
  audit: { path: '/v1/audit', filters: ['', 'entity=kill_switch'], count: undefined },
} as const

describe('a list as CSV', () => {
  for (const [name, { path, filters, count }] of Object.entries(LISTS)) {
    it(`${name}: has exactly the rows that its pages have, under every filter`, async () => {
      for (const filter of filters) {
        const rows = await listed(`${path}?${filter}`)
        const { text, status, headers } = await api.call('GET', `/v1/exports/${name}.csv?${filter}`, {
          token,
        })
        expect([filter, status]).toEqual([filter, 200])
        expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
        expect(headers.get('content-disposition')).toBe(`attachment; filename="quantdeck-${name}.csv"`)
        expect(parseCsv(text)).toEqual(rows.map(asCells))
        if (filter === '' && count !== undefined) expect(rows).toHaveLength(count)
      }
    })
  }

  it('keeps spreadsheets from running a cell, and numbers numbers', async () => {
    const { text } = await api.call('GET', '/v1/exports/alerts.csv?severity=CRITICAL', { token })
    expect(text).toContain(`"'=HYPERLINK(""http://evil.example"",""click, here"")"`)
    expect(text).toContain(`"'@SUM(A1)\n""two lines"""`)
    expect(text).toContain(`,'+1-2,`)
    const { text: trades } = await api.call('GET', '/v1/exports/trades.csv', { token })
    expect(parseCsv(trades).map((row) => row['pnl'])).toEqual(['-1026.00', '-1026.00'])
  })

  it('begins with a byte order mark where one is asked for, and with the header also when it is empty', async () => {
    const path = '/v1/exports/signals.csv?symbol=NONE'
    const plain = await api.call('GET', path, { token })
    expect(plain.text).toMatch(/^signal_id,strategy_id,[a-z_,]+\r\n$/)
    const bytes = await fetch(`${api.url}${path}&bom=true`, { headers: { authorization: `Bearer ${token}` } })
    const start = new Uint8Array(await bytes.arrayBuffer()).slice(0, 4)
    expect([...start]).toEqual([0xef, 0xbb, 0xbf, 's'.codePointAt(0)])
  })

  it('holds what its reader may see, and refuses with a status before anything is sent', async () => {
    const trader = await api.enter(api.users.trader.userId)
    const { text } = await api.call('GET', '/v1/exports/orders.csv', { token: trader })
    const { body } = await api.call('GET', '/v1/orders', { token: trader })
    expect(body).toMatchObject({ meta: { total_count: 0 } })
    expect(parseCsv(text)).toEqual([])
    const refused = await api.call('GET', '/v1/exports/audit.csv', { token: trader })
    expect(refused.status).toBe(403)
    const wrong = await api.call('GET', '/v1/exports/orders.csv?status=LOST', { token })
    expect(wrong.status).toBe(400)
  })

  it('leaves the pages that its reader is looking at where they are', async () => {
    const first = await api.call('GET', '/v1/orders?per_page=50', { token })
    await api.call('GET', '/v1/exports/orders.csv', { token })
    await insertOrders(api.deps.db.kysely, [sampleOrder({ submittedAt: at(49) })])
    const second = await api.call('GET', '/v1/orders?per_page=50&page=2', { token })
    const ids = [first, second].flatMap(({ body }) =>
      (body as { data: Row[] }).data.map((row) => row['order_id']),
    )
    expect(new Set(ids).size).toBe(100)
  })
})
