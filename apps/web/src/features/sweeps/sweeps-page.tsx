import { useNavigate, useSearch } from '@tanstack/react-router'
import { Grid3x3 } from 'lucide-react'
import { lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { trpc } from '../../lib/trpc.ts'
import { refetchStudies, StudiesPage } from '../studies/studies-page.tsx'

const NewSweep = lazy(async () => ({ default: (await import('./new-sweep.tsx')).NewSweep }))

export function SweepsPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/deck/sweeps' })
  const navigate = useNavigate({ from: '/sweeps' })
  const sweeps = trpc.deck.sweeps.list.useQuery(
    { page: search.page ?? 1, per_page: 20 },
    { placeholderData: (previous) => previous, refetchInterval: refetchStudies },
  )
  return (
    <StudiesPage
      title={t('sweeps.title')}
      empty={{ title: t('sweeps.empty'), text: t('sweeps.emptyText') }}
      newLabel={t('sweeps.new')}
      icon={Grid3x3}
      runsLabel={t('sweeps.sets')}
      name="sweeps"
      query={sweeps}
      rowKey={(row) => row.sweep_id}
      linkOf={(row) => ({ to: '/sweeps/$sweepId', params: { sweepId: row.sweep_id } })}
      search={search}
      onSearch={(change) =>
        void navigate({ search: (current) => ({ ...current, ...change }), replace: 'new' in change })
      }
      form={(onClose) => <NewSweep onClose={onClose} />}
    />
  )
}
