import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { RowsSkeleton } from '../../components/ui/skeleton.tsx'
import { TabLinks } from '../../components/ui/tab-links.tsx'
import { Page } from '../../shell/page.tsx'
import { NotFound } from '../../shell/failure.tsx'

/** Each tab is loaded when somebody opens it. */
const TABS = {
  profile: lazy(async () => ({ default: (await import('./profile-tab.tsx')).ProfileTab })),
  sessions: lazy(async () => ({ default: (await import('./sessions-tab.tsx')).SessionsTab })),
  keys: lazy(async () => ({ default: (await import('./keys-tab.tsx')).KeysTab })),
  webhooks: lazy(async () => ({ default: (await import('./webhooks-tab.tsx')).WebhooksTab })),
  users: lazy(async () => ({ default: (await import('./users-tab.tsx')).UsersTab })),
  appearance: lazy(async () => ({ default: (await import('./appearance-tab.tsx')).AppearanceTab })),
  notifications: lazy(async () => ({ default: (await import('./notifications-tab.tsx')).NotificationsTab })),
  data: lazy(async () => ({ default: (await import('./data-tab.tsx')).DataTab })),
  about: lazy(async () => ({ default: (await import('./about-tab.tsx')).AboutTab })),
} as const

type TabName = keyof typeof TABS

const NAMES = Object.keys(TABS) as TabName[]

export function SettingsPage() {
  const { t } = useTranslation()
  const { tab } = useParams({ from: '/deck/settings/$tab' })
  const name = NAMES.find((known) => known === tab)
  if (name === undefined) return <NotFound />
  const Tab = TABS[name]
  return (
    <Page title={t('settings.title')} className="max-w-5xl">
      <TabLinks
        label={t('settings.title')}
        current={name}
        tabs={NAMES.map((key) => ({
          key,
          text: t(`settings.tab.${key}`),
          link: { to: '/settings/$tab', params: { tab: key } },
        }))}
      />
      <Suspense
        fallback={
          <div role="status" aria-label={t('app.loading')}>
            <RowsSkeleton />
          </div>
        }
      >
        <Tab />
      </Suspense>
    </Page>
  )
}
