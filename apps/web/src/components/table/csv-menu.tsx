import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '../../lib/errors.ts'
import { saveFile } from '../../lib/save-file.ts'
import { toastError } from '../../lib/toast.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import type { LoadCsv } from './toolbar.tsx'

/** By which Excel knows UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF'

interface CsvMenuProps {
  name: string
  csv: LoadCsv
  trigger: ReactNode
  onPending: (pending: boolean) => void
}

/** In which form to save the whole list; open from the start, since it was just asked for. */
export function CsvMenu({ name, csv, trigger, onPending }: CsvMenuProps) {
  const { t } = useTranslation()
  async function save(start: string): Promise<void> {
    onPending(true)
    try {
      saveFile(`quantdeck-${name}.csv`, start + (await csv()), 'text/csv;charset=utf-8')
    } catch (error) {
      toastError(problemText(toProblem(error), t))
    } finally {
      onPending(false)
    }
  }
  return (
    <Menu trigger={trigger} defaultOpen>
      <MenuItem onSelect={() => void save('')}>{t('table.csv')}</MenuItem>
      <MenuItem onSelect={() => void save(BYTE_ORDER_MARK)}>{t('table.csvBom')}</MenuItem>
    </Menu>
  )
}
