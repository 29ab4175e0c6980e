import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatInteger } from '../../lib/format.ts'
import { Button } from '../ui/button.tsx'
import type { Paging } from './types.ts'

export function Pages({ page, perPage, total, onPage }: Paging) {
  const { t } = useTranslation()
  const pages = Math.max(1, Math.ceil(total / perPage))
  const from = Math.min(total, (page - 1) * perPage + 1)
  const to = Math.min(total, page * perPage)
  if (total === 0) return null
  return (
    <div className="mt-3 flex flex-wrap items-center justify-between gap-3 text-xs text-muted">
      <p className="num">{t('table.range', { from, to, total: formatInteger(total) })}</p>
      <div className="flex items-center gap-2">
        <span className="num">{t('table.page', { page, pages })}</span>
        <Button
          size="icon-sm"
          aria-label={t('table.previous')}
          disabled={page <= 1}
          onClick={() => onPage(page - 1)}
        >
          <ChevronLeft aria-hidden className="size-4" />
        </Button>
        <Button
          size="icon-sm"
          aria-label={t('table.next')}
          disabled={page >= pages}
          onClick={() => onPage(page + 1)}
        >
          <ChevronRight aria-hidden className="size-4" />
        </Button>
      </div>
    </div>
  )
}
