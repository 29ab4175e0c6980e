import { Link } from '@tanstack/react-router'
import { Volume2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Checkbox } from '../../components/ui/checkbox.tsx'
import { chime } from '../../lib/chime.ts'
import { setPreferences, usePreferences } from '../../lib/preferences.ts'
import { toastError } from '../../lib/toast.ts'

/** How this browser tells of new signals; alerts go to other places by webhooks. */
export function NotificationsTab() {
  const { t } = useTranslation()
  const { sound, desktop, spoken } = usePreferences()
  async function askForDesktop(wanted: boolean): Promise<void> {
    if (!wanted) return setPreferences({ desktop: false })
    const answer = 'Notification' in window ? await Notification.requestPermission() : 'denied'
    if (answer === 'granted') setPreferences({ desktop: true })
    else toastError(t('notices.refused'))
  }
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Card title={t('notices.title')} description={t('notices.text')} bodyClassName="p-4 space-y-4">
        <Checkbox
          label={t('notices.sound')}
          hint={t('notices.soundText')}
          checked={sound}
          onChange={(event) => setPreferences({ sound: event.target.checked })}
        />
        <Checkbox
          label={t('notices.desktop')}
          hint={t('notices.desktopText')}
          checked={desktop}
          onChange={(event) => void askForDesktop(event.target.checked)}
        />
        <Checkbox
          label={t('notices.spoken')}
          hint={t('notices.spokenText')}
          checked={spoken}
          onChange={(event) => setPreferences({ spoken: event.target.checked })}
        />
        <Button size="sm" onClick={chime}>
          <Volume2 aria-hidden className="size-3.5" /> {t('notices.try')}
        </Button>
      </Card>
      <Card title={t('nav.alerts')} description={t('notices.alertsText')}>
        <p className="text-sm">
          <Link
            to="/settings/$tab"
            params={{ tab: 'webhooks' }}
            className="text-accent underline underline-offset-2"
          >
            {t('settings.tab.webhooks')}
          </Link>
        </p>
      </Card>
    </div>
  )
}
