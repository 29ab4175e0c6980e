import { useNavigate, useSearch } from '@tanstack/react-router'
import { Footprints } from 'lucide-react'
import { lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { trpc } from '../../lib/trpc.ts'
import { refetchStudies, StudiesPage } from '../studies/studies-page.tsx'

const NewWalkForward = lazy(async () => ({
  default: (await import('./new-walk-forward.tsx')).NewWalkForward,
}))

export function WalkForwardsPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/deck/walk-forwards' })
  const navigate = useNavigate({ from: '/walk-forwards' })
  const studies = trpc.deck.walkForwards.list.useQuery(
    { page: search.page ?? 1, per_page: 20 },
    { placeholderData: (previous) => previous, refetchInterval: refetchStudies },
  )
  return (
    <StudiesPage
      title={t('walkForward.title')}
      empty={{ title: t('walkForward.empty'), text: t('walkForward.emptyText') }}
      newLabel={t('walkForward.new')}
      icon={Footprints}
      runsLabel={t('walkForward.runs')}
      name="walk-forwards"
      query={studies}
      rowKey={(row) => row.walk_forward_id}
      linkOf={(row) => ({ to: '/walk-forwards/$studyId', params: { studyId: row.walk_forward_id } })}
      search={search}
      onSearch={(change) =>
        void navigate({ search: (current) => ({ ...current, ...change }), replace: 'new' in change })
      }
      form={(onClose) => <NewWalkForward onClose={onClose} />}
    />
  )
}
