import { fundEmptyAccount, transaction } from '@quantdeck/db'
import { utcDay } from '@quantdeck/domain'

import { AlpacaBroker } from './broker/alpaca/alpaca-broker.ts'
import { AlpacaRefusal } from './broker/alpaca/http.ts'
import { PriceFeed } from './broker/alpaca/price-feed.ts'
import type { BrokerProblem } from './broker/alpaca/problems.ts'
import type { BrokerAccount } from './broker/port.ts'
import type { CoreDeps, Deps } from './deps.ts'
import type { Desk } from './desk/desk.ts'
import { EnvError } from './env.ts'
import { BrokerFeed } from './features/market-data/broker-feed.ts'

/** Problems that were raised today; the same is not raised twice. */
const MOST_KEYS = 10_000

/** Alpaca as the broker of this house: checked before anything trades, its problems raised as alerts, its prices fed in. */
export class AlpacaHouse {
  readonly broker: AlpacaBroker
  readonly #core: Pick<CoreDeps, 'env' | 'log' | 'clock'>
  readonly #raised = new Set<string>()
  readonly #early: BrokerProblem[] = []
  #desk: Desk | null = null
  #account: BrokerAccount | null = null

  constructor(core: Pick<CoreDeps, 'env' | 'log' | 'clock'>) {
    this.#core = core
    const { env, clock } = core
    this.broker = new AlpacaBroker({
      access: this.#access,
      mode: env.alpacaAccount,
      clock,
      report: (problem) => this.#report(problem),
      onError: (error) => this.#onError(error),
    })
  }

  /**
   * Asks for the account. That Alpaca cannot be reached is no reason not to start: the deck is needed then as well.
   * @throws {EnvError} when the keys are refused
   */
  async verify(): Promise<void> {
    const { log, env } = this.#core
    try {
      this.#account = await this.broker.verify()
      const { equity, cash } = this.#account
      log.info({ host: this.broker.host, account: env.alpacaAccount, equity, cash }, 'Alpaca answers')
    } catch (error) {
      if (error instanceof AlpacaRefusal) {
        const { host } = this.broker
        throw new EnvError(`${host} refuses ALPACA_KEY_ID and ALPACA_SECRET_KEY: ${error.message}.`)
      }
      log.warn({ err: error }, 'Alpaca cannot be reached; starting without it and trying again')
    }
  }

  /** The LIVE account starts at what the broker reports. */
  async fundAccount(db: CoreDeps['db']): Promise<void> {
    const capital = this.#account?.equity
    if (this.#core.env.alpacaAccount !== 'LIVE' || capital === undefined) return
    await transaction(db, (trx) => fundEmptyAccount(trx, 'LIVE', capital))
  }

  /** From now on problems are raised as alerts, those of before as well. */
  attach(desk: Desk): void {
    this.#desk = desk
    for (const problem of this.#early.splice(0)) this.#raise(desk, problem)
  }

  /** Starts the prices, if they come from here. @returns how to stop them */
  startPrices(deps: Deps): () => Promise<void> {
    const { alpacaFeed, alpacaDataUrl } = this.#core.env
    if (alpacaFeed === null) return async () => {}
    const report = (problem: BrokerProblem) => this.#report(problem)
    const feed = new PriceFeed({
      access: this.#access,
      dataUrl: alpacaDataUrl,
      feed: alpacaFeed,
      clock: this.#core.clock,
      report,
      onError: (error) => this.#onError(error),
      sink: new BrokerFeed(deps, report),
    })
    feed.start()
    return () => feed.stop()
  }

  get #access() {
    const { alpacaBaseUrl: baseUrl, alpacaKeyId, alpacaSecretKey } = this.#core.env
    return { baseUrl, keyId: alpacaKeyId ?? '', secretKey: alpacaSecretKey ?? '' }
  }

  #onError(error: unknown): void {
    this.#core.log.warn(
      { err: error },
      'Alpaca could not be asked, or what it said not be booked; trying again',
    )
  }

  #report(problem: BrokerProblem): void {
    const key = this.#dedupeKey(problem)
    if (this.#raised.has(key)) return
    if (this.#raised.size >= MOST_KEYS) this.#raised.clear()
    this.#raised.add(key)
    this.#core.log.warn({ problem: problem.code, context: problem.context }, problem.message)
    if (this.#desk === null) this.#early.push(problem)
    else this.#raise(this.#desk, problem)
  }

  /** Said once a day: what goes on is worth a reminder. */
  #dedupeKey({ code, key }: BrokerProblem): string {
    return `${code}:${key}:${utcDay(this.#core.clock.nowMs())}`
  }

  #raise(desk: Desk, problem: BrokerProblem): void {
    const { severity, code, message, context } = problem
    const dedupeKey = this.#dedupeKey(problem)
    desk
      .run(this.#core.env.alpacaAccount, (ctx) => {
        ctx.changes.alerts.push({
          severity,
          code,
          message,
          context,
          strategyId: null,
          createdAt: ctx.at,
          dedupeKey,
        })
      })
      // Written to the log already.
      .catch((error: unknown) => this.#onError(error))
  }
}

/**
 * Opens Alpaca and makes sure that it may be traded with; null with another broker.
 * @throws {EnvError} when the keys are refused, or a live account would be traded without a database that keeps its word
 */
export async function openAlpaca(
  core: Pick<CoreDeps, 'db' | 'env' | 'log' | 'clock'>,
): Promise<AlpacaHouse | null> {
  const { env } = core
  if (env.broker !== 'alpaca') return null
  if (env.alpacaAccount === 'LIVE') await assertDurable(core)
  const house = new AlpacaHouse(core)
  await house.verify()
  return house
}

/** A database that forgets a second at a power failure would forget what a real broker remembers. */
async function assertDurable({ db }: Pick<CoreDeps, 'db'>): Promise<void> {
  const { rows } = await db.executeSql('show fsync')
  if (db.kind === 'postgres' && rows[0]?.['fsync'] === 'on') return
  throw new EnvError('A live account at Alpaca needs Postgres with fsync on: set DATABASE_URL.')
}
