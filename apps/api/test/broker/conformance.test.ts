import { type Instrument, Decimal, systemClock, usdRateOf } from '@quantdeck/domain'
import { SimulatedBroker } from '../../src/broker/simulated-broker.ts'
import { SimulatedExchange } from '../../src/broker/simulated-exchange.ts'
import { openAlpacaRig } from './alpaca-rig.ts'
import { type BrokerRig, describeBroker } from './conformance.ts'

const AAPL: Instrument = {
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
  calendar: '24/7',
  barIntervalSeconds: 60,
  source: 'test',
}

async function openSimulatedRig(): Promise<BrokerRig> {
  const moods = { partialFills: 0, rejects: 0, random: () => 0.5 }
  const exchange = new SimulatedExchange({
    instrumentOf: (symbol) => (symbol === 'AAPL' ? AAPL : undefined),
    usdRateOf,
    costs: { slippageBps: 0, feeBps: 0, minimumFeeUsd: 0 },
    moods,
  })
  const broker = new SimulatedBroker(exchange, systemClock, () => {}, 5)
  const price = async (value: number) => {
    broker.onQuote({ symbol: 'AAPL', price: new Decimal(value), at: systemClock.now() })
  }
  return {
    broker,
    mode: 'PAPER',
    symbol: 'AAPL',
    price,
    fillPart: async (clientOrderId, quantity, at) => {
      const [open] = exchange.openOrders('PAPER').filter((order) => order.clientOrderId === clientOrderId)
      const rest = open ? open.quantity.minus(open.filledQuantity) : new Decimal(quantity)
      // Its mood decides how much of an order a price fills; a hair more, so that the whole units come out.
      const share = new Decimal(quantity).div(rest).toNumber()
      Object.assign(moods, {
        partialFills: share < 1 ? 1 : 0,
        random: () => Math.min(share + 1e-9, 0.999_999),
      })
      await price(at)
      Object.assign(moods, { partialFills: 0, random: () => 0.5 })
    },
    // In one process with whoever books: there is no line that could be cut.
    loseReports: async () => {},
    regainReports: async () => {},
    close: () => broker.close(),
  }
}

describeBroker('the simulated broker', openSimulatedRig)
describeBroker('Alpaca', openAlpacaRig)
