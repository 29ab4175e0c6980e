import { Columns3, Download } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '../../lib/errors.ts'
import { saveFile } from '../../lib/save-file.ts'
import { toastError } from '../../lib/toast.ts'
import { Button } from '../ui/button.tsx'
import { Picker } from '../ui/field.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { ColumnsSheet } from './columns-sheet.tsx'
import type { Column } from './types.ts'

/** The whole list under its filters, as the server writes it. */
export type LoadCsv = () => Promise<string>

/** By which Excel knows UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF'

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
        {csv && <CsvMenu name={name} csv={csv} />}
        <Button variant="ghost" size="sm" onClick={() => setChoosing(true)}>
          <Columns3 aria-hidden className="size-3.5" /> {t('table.columns')}
        </Button>
      </div>
      {choosing && <ColumnsSheet name={name} columns={columns} onClose={() => setChoosing(false)} />}
    </div>
  )
}

function CsvMenu({ name, csv }: { name: string; csv: LoadCsv }) {
  const { t } = useTranslation()
  const [pending, setPending] = useState(false)
  async function save(start: string): Promise<void> {
    setPending(true)
    try {
      saveFile(`quantdeck-${name}.csv`, start + (await csv()), 'text/csv;charset=utf-8')
    } catch (error) {
      toastError(problemText(toProblem(error), t))
    } finally {
      setPending(false)
    }
  }
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="sm" pending={pending}>
          {!pending && <Download aria-hidden className="size-3.5" />} CSV
        </Button>
      }
    >
      <MenuItem onSelect={() => void save('')}>{t('table.csv')}</MenuItem>
      <MenuItem onSelect={() => void save(BYTE_ORDER_MARK)}>{t('table.csvBom')}</MenuItem>
    </Menu>
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
