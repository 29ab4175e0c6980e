export const alerts = {
  alerts: {
    title: 'Alerts',
    empty: 'No alerts',
    emptyText: 'Risk events, failures and kill switches are listed here.',
    acknowledge: 'Acknowledge',
    acknowledged: 'Acknowledged',
    open: 'Open',
    done: 'Alert acknowledged',
    unacknowledged_one: '{{count}} not acknowledged',
    unacknowledged_other: '{{count}} not acknowledged',
    filterState: 'State',
    by: 'by {{who}}',
  },
} as const
