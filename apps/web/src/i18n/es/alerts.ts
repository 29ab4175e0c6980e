export const alerts = {
  alerts: {
    title: 'Alertas',
    empty: 'Sin alertas',
    emptyText: 'Aquí se listan eventos de riesgo, fallos e interruptores de emergencia.',
    acknowledge: 'Confirmar',
    acknowledged: 'Confirmadas',
    open: 'Abiertas',
    done: 'Alerta confirmada',
    unacknowledged_one: '{{count}} sin confirmar',
    unacknowledged_other: '{{count}} sin confirmar',
    filterState: 'Estado',
    by: 'por {{who}}',
  },
}
