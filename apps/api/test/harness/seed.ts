import {
  bumpAllAccountVersions,
  insertInstrument,
  insertQuarantinedBars,
  insertStrategy,
  transaction,
} from '@quantdeck/db'
import { sampleInstrument } from '@quantdeck/db/testing'
import { Decimal, type Instrument, type Strategy } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

import type { Deps } from '../../src/deps.ts'
import { syncSessionRun } from '../../src/features/strategies/session-runs.ts'
import type { TestApi } from '../harness.ts'

export function stock(symbol: string): Instrument {
  return sampleInstrument({ symbol, quantityDecimals: 2, source: 'seeded' })
}

export const USDCOP: Instrument = {
  ...stock('USD/COP'),
  contractType: 'FX',
  currency: 'COP',
  calendar: 'USDCOP',
  barIntervalSeconds: 300,
}

type StrategySeed = Pick<Strategy, 'strategyId' | 'name'> &
  Partial<Omit<Strategy, 'allocatedCapital'>> & {
    capital: string
  }

/** Instruments and strategies as rows, with the session runs that their activation opens. */
export async function seedCatalog(
  deps: Deps,
  instruments: readonly Instrument[],
  strategies: readonly StrategySeed[],
): Promise<void> {
  const at = deps.clock.now()
  await transaction(deps.db, async (trx) => {
    for (const instrument of instruments) await insertInstrument(trx, instrument)
    for (const seed of strategies) {
      const strategy = toStrategy(seed, at)
      await insertStrategy(trx, strategy)
      await syncSessionRun(trx, { before: null, after: strategy, at })
    }
    await bumpAllAccountVersions(trx)
  })
}

function toStrategy({ capital, ...seed }: StrategySeed, at: Date): Strategy {
  return {
    description: `${seed.name}, seeded`,
    status: 'active',
    mode: 'PAPER',
    ownerId: null,
    isPublic: true,
    universe: [],
    maxPositions: 10,
    config: {},
    version: 1,
    createdAt: at,
    updatedAt: at,
    updatedBy: null,
    ...seed,
    allocatedCapital: new Decimal(capital),
  }
}

/** Money in the LIVE account, which is otherwise empty until its broker reports some. */
export async function fundLive({ db, desk }: Deps, capital: string): Promise<void> {
  await db.kysely
    .updateTable('accounts')
    .set({ initialCapital: capital })
    .where('mode', '=', 'LIVE')
    .execute()
  desk.invalidate()
}

/** Waits for something that the server does on its own, such as a fill after the broker's latency. */
export async function eventually<T>(
  look: () => Promise<T | null | undefined | false>,
  what: string,
): Promise<T> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const found = await look()
    if (found) return found
    if (performance.now() > deadline) throw new Error(`${what} did not happen within 10 s`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** An API key made over HTTP by its owner. */
export async function createKey(api: TestApi, token: string, scopes: string[]): Promise<string> {
  const { status, text, body } = await api.call('POST', '/v1/api-keys', {
    token,
    body: { name: 'test', scopes },
  })
  if (status !== 201) throw new Error(`no API key: ${status} ${text}`)
  return (body as { data: { key: string } }).data.key
}

/** A daily bar in quarantine that nobody has decided yet. @returns its id */
export async function seedQuarantinedBar({ db, clock }: Deps, openedAt: Date): Promise<string> {
  const quarantineId = randomUUID()
  await insertQuarantinedBars(db.kysely, [
    {
      quarantineId,
      symbol: 'MSFT',
      intervalSeconds: 86_400,
      openedAt,
      line: null,
      raw: { open: '900', high: '901', low: '899', close: '900', volume: '1' },
      reason: 'PRICE_JUMP',
      detail: 'seeded',
      importId: null,
      createdAt: clock.now(),
    },
  ])
  return quarantineId
}
