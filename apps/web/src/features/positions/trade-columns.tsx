import type { TFunction } from 'i18next'
import type { Column } from '../../components/data-table.tsx'
import { SideLabel } from '../../components/side-label.tsx'
import { formatQuantity, toNumber } from '../../lib/format.ts'

interface Traded {
  symbol: string
  side: 'BUY' | 'SELL'
  quantity: string
}

/** What was traded, which way and how much of it. */
export function tradedColumns<Row extends Traded>(t: TFunction): Column<Row>[] {
  return [
    { id: 'symbol', header: t('field.symbol'), sortValue: (row) => row.symbol, cell: (row) => row.symbol },
    {
      id: 'side',
      header: t('field.side'),
      cell: (row) => <SideLabel side={row.side === 'BUY' ? 'long' : 'short'} />,
    },
    {
      id: 'quantity',
      header: t('field.quantity'),
      align: 'right',
      sortValue: (row) => toNumber(row.quantity),
      cell: (row) => formatQuantity(row.quantity),
    },
  ]
}
