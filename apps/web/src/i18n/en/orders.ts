export const orders = {
  orders: {
    title: 'Orders',
    empty: 'No order yet',
    emptyText: 'Orders come from signals and from POST /v1/orders.',
    refusals: 'Why it was refused',
    byRisk: 'Refused by our risk engine, before it left',
    byBroker: 'Refused by the broker',
    limitWas: 'limit {{limit}}, observed {{observed}}',
    until: 'until {{time}}',
    origin: 'Origin',
    originName: {
      signal: 'Signal',
      api: 'Order over the API',
      stop_loss: 'Stop loss',
      take_profit: 'Take profit',
      kill_flatten: 'Flattening after the kill switch',
    },
    timeline: 'Life of the order',
    filledOf: '{{filled}} of {{quantity}}',
    orderId: 'Order id',
    noReasons: 'No reason was recorded.',
  },
} as const
