import { useTranslation } from 'react-i18next'
import { Page } from '../../shell/page.tsx'
import { ApprovalsCard } from './approvals-card.tsx'
import { KillSwitchCard } from './kill-switch-card.tsx'
import { ModeTransitionCard } from './mode-transition-card.tsx'

export function ControlsPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('controls.title')} description={t('controls.text')}>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <KillSwitchCard />
        <ModeTransitionCard />
      </div>
      <ApprovalsCard />
    </Page>
  )
}
