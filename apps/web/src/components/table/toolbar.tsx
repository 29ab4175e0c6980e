import { Columns3, Download } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Picker } from '../ui/field.tsx'
import type { Column } from './types.ts'

/** The whole list under its filters, as the server writes it. */
export type LoadCsv = () => Promise<string>

const CsvMenu = lazy(async () => ({ default: (await import('./csv-menu.tsx')).CsvMenu }))
const ColumnsSheet = lazy(async () => ({ default: (await import('./columns-sheet.tsx')).ColumnsSheet }))

interface ToolbarProps<Row> {
  name: string
  columns: readonly Column<Row>[]
  csv: LoadCsv | undefined
  above: ReactNode
  /** Cards have no headers to press: the order is chosen from a list. */
  isNarrow: boolean
  sort: string | undefined
  onSort: (sort: string | undefined) => void
}

export function Toolbar<Row>({ name, columns, csv, above, isNarrow, sort, onSort }: ToolbarProps<Row>) {
  const { t } = useTranslation()
  const [choosing, setChoosing] = useState(false)
  return (
    <div className="mb-2 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
      <div className="min-w-0">{above}</div>
      <div className="ml-auto flex flex-wrap items-center justify-end gap-1">
        {isNarrow && <SortPicker columns={columns} sort={sort} onSort={onSort} />}
        {csv && <CsvButton name={name} csv={csv} />}
        <Button variant="ghost" size="sm" onClick={() => setChoosing(true)}>
          <Columns3 aria-hidden className="size-3.5" /> {t('table.columns')}
        </Button>
      </div>
      <Suspense>
        {choosing && <ColumnsSheet name={name} columns={columns} onClose={() => setChoosing(false)} />}
      </Suspense>
    </div>
  )
}

/** The menu's code comes with its first use. */
function CsvButton({ name, csv }: { name: string; csv: LoadCsv }) {
  const [used, setUsed] = useState(false)
  const [pending, setPending] = useState(false)
  const button = (
    <Button variant="ghost" size="sm" pending={pending} onClick={() => setUsed(true)}>
      {!pending && <Download aria-hidden className="size-3.5" />} CSV
    </Button>
  )
  return used ? (
    <Suspense fallback={button}>
      <CsvMenu name={name} csv={csv} trigger={button} onPending={setPending} />
    </Suspense>
  ) : (
    button
  )
}

interface SortPickerProps<Row> {
  columns: readonly Column<Row>[]
  sort: string | undefined
  onSort: (sort: string | undefined) => void
}

function SortPicker<Row>({ columns, sort, onSort }: SortPickerProps<Row>) {
  const { t } = useTranslation()
  const sortable = columns.filter(({ sortValue }) => sortValue !== undefined)
  if (sortable.length === 0) return null
  return (
    <Picker
      label={t('table.order')}
      value={sort}
      allLabel={`${t('table.order')}: –`}
      options={sortable.flatMap(({ id, header }) => [
        [`-${id}`, `${header} ↓`] as const,
        [id, `${header} ↑`] as const,
      ])}
      onChange={onSort}
    />
  )
}
