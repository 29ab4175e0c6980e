import { type Clock, systemClock, type TradingMode } from '@quantdeck/domain'
import { AlpacaBroker } from '../../src/broker/alpaca/alpaca-broker.ts'
import type { BrokerProblem } from '../../src/broker/alpaca/problems.ts'
import type { BrokerRig } from './conformance.ts'
import { KEY_ID, LocalAlpaca, SECRET_KEY } from './local-alpaca/server.ts'

export interface AlpacaRig extends BrokerRig {
  readonly broker: AlpacaBroker
  readonly server: LocalAlpaca
  readonly problems: BrokerProblem[]
  readonly errors: unknown[]
  /** The adapter's clock runs ahead by so much more from now on. */
  leap(ms: number): void
  /** Another process with the same keys, which knows nothing yet. */
  another(): AlpacaBroker
}

export interface AlpacaRigOptions {
  mode?: TradingMode
  keyId?: string
}

/** The adapter against the server on this machine that speaks Alpaca's formats. */
export async function openAlpacaRig(options: AlpacaRigOptions = {}): Promise<AlpacaRig> {
  const server = new LocalAlpaca()
  await server.start()
  const problems: BrokerProblem[] = []
  const errors: unknown[] = []
  const mode = options.mode ?? 'PAPER'
  let aheadMs = 0
  const clock: Clock = {
    now: () => new Date(systemClock.nowMs() + aheadMs),
    nowMs: () => systemClock.nowMs() + aheadMs,
  }
  const open = () =>
    new AlpacaBroker({
      access: { baseUrl: server.url, keyId: options.keyId ?? KEY_ID, secretKey: SECRET_KEY },
      mode,
      clock,
      report: (problem) => problems.push(problem),
      onError: (error) => errors.push(error),
      // Not the real pace: what is tested here is what happens, and the budget has tests of its own.
      budget: { burst: 5_000, perMinute: 60_000, reservedForCancels: 5 },
    })
  const broker = open()
  server.ratePerMinute = 5_000
  return {
    broker,
    server,
    problems,
    errors,
    leap: (ms) => (aheadMs += ms),
    another: open,
    mode,
    symbol: 'AAPL',
    price: async (price) => server.exchange.price('AAPL', price),
    fillPart: async (clientOrderId, quantity, price) => {
      server.exchange.fill(clientOrderId, quantity, price)
    },
    fillLate: async (clientOrderId, quantity, price) => {
      server.exchange.fill(clientOrderId, quantity, price)
    },
    tellWrongly: () => (server.stream = { duplicate: true, reorder: 2 }),
    loseReports: () => server.stop(),
    regainReports: () => server.start(),
    close: async () => {
      await broker.close()
      await server.stop()
    },
  }
}
