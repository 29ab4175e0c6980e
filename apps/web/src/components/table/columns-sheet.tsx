import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { arrange, move, useTableLayout } from './layout.ts'
import type { Column } from './types.ts'

interface ColumnsSheetProps {
  name: string
  columns: readonly Pick<Column<never>, 'id' | 'header'>[]
  onClose: () => void
}

/** Which columns a table shows, in which order and how dense: kept for this reader. */
export function ColumnsSheet({ name, columns, onClose }: ColumnsSheetProps) {
  const { t } = useTranslation()
  const { layout, setLayout, isCompact, setCompact } = useTableLayout(name)
  const arranged = arrange(columns, layout.order)
  const ids = arranged.map(({ id }) => id)
  const toggle = (id: string) =>
    setLayout({
      ...layout,
      hidden: layout.hidden.includes(id)
        ? layout.hidden.filter((hidden) => hidden !== id)
        : [...layout.hidden, id],
    })
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('table.columns')}
      description={t('table.columnsHint')}
    >
      <ul className="divide-y">
        {arranged.map(({ id, header }, index) => (
          <li key={id} className="flex items-center justify-between gap-3 py-1.5">
            <Checkbox
              label={header}
              checked={!layout.hidden.includes(id)}
              disabled={index === 0}
              onChange={() => toggle(id)}
            />
            <span className="flex">
              <MoveButton
                label={t('table.earlier', { column: header })}
                icon={<ArrowUp aria-hidden className="size-4" />}
                disabled={index < 2}
                onMove={() => setLayout({ ...layout, order: move(ids, id, -1) })}
              />
              <MoveButton
                label={t('table.later', { column: header })}
                icon={<ArrowDown aria-hidden className="size-4" />}
                disabled={index === 0 || index === arranged.length - 1}
                onMove={() => setLayout({ ...layout, order: move(ids, id, 1) })}
              />
            </span>
          </li>
        ))}
      </ul>
      <div className="mt-5 flex flex-wrap items-center justify-between gap-3">
        <Segmented
          label={t('table.density')}
          value={isCompact ? 'compact' : 'comfortable'}
          options={[
            ['comfortable', t('table.comfortable')],
            ['compact', t('table.compact')],
          ]}
          onChange={(value) => setCompact(value === 'compact')}
        />
        <Button size="sm" onClick={() => setLayout({ order: [], hidden: [] })}>
          {t('table.reset')}
        </Button>
      </div>
    </Sheet>
  )
}

interface MoveButtonProps {
  label: string
  icon: ReactNode
  disabled: boolean
  onMove: () => void
}

function MoveButton({ label, icon, disabled, onMove }: MoveButtonProps) {
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onMove}
    >
      {icon}
    </Button>
  )
}
