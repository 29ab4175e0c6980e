import { systemClock, type TradingMode } from '@quantdeck/domain'
import { AlpacaBroker } from '../../src/broker/alpaca/alpaca-broker.ts'
import type { BrokerProblem } from '../../src/broker/alpaca/problems.ts'
import type { BrokerRig } from './conformance.ts'
import { KEY_ID, LocalAlpaca, SECRET_KEY } from './local-alpaca/server.ts'

export interface AlpacaRig extends BrokerRig {
  readonly broker: AlpacaBroker
  readonly server: LocalAlpaca
  readonly problems: BrokerProblem[]
  readonly errors: unknown[]
}

export interface AlpacaRigOptions {
  mode?: TradingMode
  keyId?: string
  perMinute?: number
}

/** The adapter against the server on this machine that speaks Alpaca's formats. */
export async function openAlpacaRig(options: AlpacaRigOptions = {}): Promise<AlpacaRig> {
  const server = new LocalAlpaca()
  await server.start()
  const problems: BrokerProblem[] = []
  const errors: unknown[] = []
  const mode = options.mode ?? 'PAPER'
  const broker = new AlpacaBroker({
    access: { baseUrl: server.url, keyId: options.keyId ?? KEY_ID, secretKey: SECRET_KEY },
    mode,
    clock: systemClock,
    report: (problem) => problems.push(problem),
    onError: (error) => errors.push(error),
    // Not the real pace: what is tested here is what happens, and the budget has tests of its own.
    budget: { burst: 5_000, perMinute: options.perMinute ?? 60_000, reservedForCancels: 5 },
  })
  server.ratePerMinute = 5_000
  return {
    broker,
    server,
    problems,
    errors,
    mode,
    symbol: 'AAPL',
    price: async (price) => server.exchange.price('AAPL', price),
    fillPart: async (clientOrderId, quantity, price) => {
      server.exchange.fill(clientOrderId, quantity, price)
    },
    fillLate: async (clientOrderId, quantity, price) => {
      server.exchange.fill(clientOrderId, quantity, price)
    },
    loseReports: () => server.stop(),
    regainReports: () => server.start(),
    close: async () => {
      await broker.close()
      await server.stop()
    },
  }
}
