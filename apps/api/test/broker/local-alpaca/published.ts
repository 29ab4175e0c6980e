/**
 * Examples as Alpaca publishes them, field for field. They are what the local server's answers are compared with, and what
 * the adapter has to be able to read.
 */

/** https://docs.alpaca.markets/docs/websocket-streaming (section "Example"). */
export const PUBLISHED_TRADE_UPDATE = {
  stream: 'trade_updates',
  data: {
    event: 'fill',
    execution_id: '2f63ea93-423d-4169-b3f6-3fdafc10c418',
    order: {
      asset_class: 'crypto',
      asset_id: '1cf35270-99ee-44e2-a77f-6fab902c7f80',
      cancel_requested_at: null,
      canceled_at: null,
      client_order_id: '4642fd68-d59a-47d7-a9ac-e22f536828d1',
      created_at: '2022-04-19T13:45:04.981350886-04:00',
      expired_at: null,
      extended_hours: false,
      failed_at: null,
      filled_at: '2022-04-19T17:45:05.024916716Z',
      filled_avg_price: '105.8988475',
      filled_qty: '1790.86',
      hwm: null,
      id: 'a5be8f5e-fdfa-41f5-a644-7a74fe947a8f',
      legs: null,
      limit_price: null,
      notional: null,
      order_class: '',
      order_type: 'market',
      qty: '1790.86',
      replaced_at: null,
      replaced_by: null,
      replaces: null,
      side: 'sell',
      status: 'filled',
      stop_price: null,
      submitted_at: '2022-04-19T13:45:04.980944666-04:00',
      symbol: 'SOLUSD',
      time_in_force: 'gtc',
      trail_percent: null,
      trail_price: null,
      type: 'market',
      updated_at: '2022-04-19T13:45:05.027690731-04:00',
    },
    position_qty: '0',
    price: '105.8988475',
    qty: '1790.86',
    timestamp: '2022-04-19T17:45:05.024916716Z',
  },
}

/** https://github.com/alpacahq/alpaca-docs/blob/master/oas/trading/openapi.yaml (components.schemas.Order, example-1). */
export const PUBLISHED_ORDER = {
  id: '61e69015-8549-4bfd-b9c3-01e75843f47d',
  client_order_id: 'eb9e2aaa-f71a-4f51-b5b4-52a6c565dad4',
  created_at: '2021-03-16T18:38:01.942282Z',
  updated_at: '2021-03-16T18:38:01.942282Z',
  submitted_at: '2021-03-16T18:38:01.937734Z',
  filled_at: null,
  expired_at: null,
  canceled_at: null,
  failed_at: null,
  replaced_at: null,
  replaced_by: null,
  replaces: null,
  asset_id: 'b0b6dd9d-8b9b-48a9-ba46-b9d54906e415',
  symbol: 'AAPL',
  asset_class: 'us_equity',
  notional: '500',
  qty: null,
  filled_qty: '0',
  filled_avg_price: null,
  order_class: '',
  order_type: 'market',
  type: 'market',
  side: 'buy',
  time_in_force: 'day',
  limit_price: null,
  stop_price: null,
  status: 'accepted',
  extended_hours: false,
  legs: null,
  trail_percent: null,
  trail_price: null,
  hwm: null,
}

/** The same file, components.schemas.AccountTradingActivities, example-1. */
export const PUBLISHED_FILL_ACTIVITY = {
  id: '20220202135509981::2d7be4ff-d1f3-43e9-856a-0f5cf5c5088e',
  activity_type: 'FILL',
  transaction_time: '2022-02-02T18:55:09.981482Z',
  type: 'fill',
  price: '174.78',
  qty: '2',
  side: 'buy',
  symbol: 'AAPL',
  leaves_qty: '0',
  order_id: 'b5abe576-6a8a-49f3-a353-46b72c1ccae9',
  cum_qty: '2',
  order_status: 'filled',
}

/** The same file, components.schemas.Positions, example-2. */
export const PUBLISHED_POSITION = {
  asset_id: 'b0b6dd9d-8b9b-48a9-ba46-b9d54906e415',
  symbol: 'AAPL',
  exchange: 'NASDAQ',
  asset_class: 'us_equity',
  asset_marginable: false,
  qty: '2',
  avg_entry_price: '174.78',
  side: 'long',
  market_value: '348.58',
  cost_basis: '349.56',
  unrealized_pl: '-0.98',
  unrealized_plpc: '-0.0028035244307129',
  unrealized_intraday_pl: '-0.98',
  unrealized_intraday_plpc: '-0.0028035244307129',
  current_price: '174.29',
  lastday_price: '174.61',
  change_today: '-0.0018326556325525',
}

/** https://github.com/alpacahq/alpaca-py/issues/225: a refusal as the API gave it. */
export const PUBLISHED_BUYING_POWER_REFUSAL = {
  buying_power: '176531.28',
  code: 40310000,
  cost_basis: '48640000',
  message: 'insufficient buying power',
}

/** https://docs.alpaca.markets/docs/real-time-stock-pricing-data (trade, quote, minute bar). */
export const PUBLISHED_STREAM_TRADE = {
  T: 't',
  i: 96921,
  S: 'AAPL',
  x: 'D',
  p: 126.55,
  s: 1,
  t: '2021-02-22T15:51:44.208Z',
  c: ['@', 'I'],
  z: 'C',
}
export const PUBLISHED_STREAM_QUOTE = {
  T: 'q',
  S: 'AMD',
  bx: 'U',
  bp: 87.66,
  bs: 1,
  ax: 'Q',
  ap: 87.68,
  as: 4,
  t: '2021-02-22T15:51:45.335689322Z',
  c: ['R'],
  z: 'C',
}
export const PUBLISHED_STREAM_BAR = {
  T: 'b',
  S: 'SPY',
  o: 388.985,
  h: 389.13,
  l: 388.975,
  c: 389.12,
  v: 49_378,
  t: '2021-02-22T19:15:00Z',
}
