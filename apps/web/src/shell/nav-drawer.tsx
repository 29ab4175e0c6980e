import { useTranslation } from 'react-i18next'
import { Sheet } from '../components/ui/dialog.tsx'
import { PAGES } from './navigation.ts'
import { NavLink } from './nav-link.tsx'

/** Every page, on a phone. */
export function NavDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('app.name')} side="left">
      <ul className="space-y-1">
        {PAGES.map((page) => (
          <li key={page.name}>
            <NavLink page={page} onNavigate={onClose} />
          </li>
        ))}
      </ul>
      <a href="/docs" className="mt-6 px-2.5 text-sm text-muted">
        {t('app.docs')}
      </a>
    </Sheet>
  )
}
