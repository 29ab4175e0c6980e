export const orders = {
  orders: {
    title: 'Órdenes',
    empty: 'Todavía no hay órdenes',
    emptyText: 'Las órdenes vienen de señales y de POST /v1/orders.',
    refusals: 'Por qué se rechazó',
    byRisk: 'Rechazada por nuestro motor de riesgo, antes de salir',
    byBroker: 'Rechazada por el bróker',
    limitWas: 'límite {{limit}}, observado {{observed}}',
    until: 'hasta el {{time}}',
    origin: 'Origen',
    originName: {
      signal: 'Señal',
      api: 'Orden por la API',
      stop_loss: 'Stop de pérdida',
      take_profit: 'Toma de ganancia',
      kill_flatten: 'Cierre tras el interruptor de emergencia',
    },
    timeline: 'Vida de la orden',
    filledOf: '{{filled}} de {{quantity}}',
    orderId: 'Id de la orden',
    noReasons: 'No se registró ningún motivo.',
  },
}
