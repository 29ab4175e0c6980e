import { CircleUser, Eye, EyeOff, Keyboard, LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/ui/button.tsx'
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../components/ui/menu.tsx'
import { setPreferences, usePreferences } from '../lib/preferences.ts'
import { logout, useUser } from '../lib/session.ts'
import { queryClient } from '../lib/trpc.ts'

async function leave(): Promise<void> {
  await logout().catch(() => undefined)
  queryClient.clear()
}

export function UserMenu({ onShowKeys }: { onShowKeys: () => void }) {
  const { t } = useTranslation()
  const user = useUser()
  const preferences = usePreferences()
  const trigger = (
    <Button variant="ghost" size="icon" aria-label={t('bar.account')}>
      <CircleUser aria-hidden className="size-5" />
    </Button>
  )
  return (
    <Menu trigger={trigger} defaultOpen>
      {user && (
        <div className="px-2.5 py-1.5">
          <p className="max-w-56 truncate text-sm font-medium">{user.email}</p>
          <p className="text-xs text-muted">{user.role}</p>
        </div>
      )}
      <MenuSeparator />
      <MenuChoice
        label={t('bar.theme')}
        value={preferences.theme}
        options={(['system', 'light', 'dark'] as const).map((theme) => [theme, t(`theme.${theme}`)] as const)}
        onChange={(theme) => setPreferences({ theme })}
      />
      <MenuChoice
        label={t('bar.language')}
        value={preferences.language}
        options={(['en', 'es'] as const).map((language) => [language, t(`language.${language}`)] as const)}
        onChange={(language) => setPreferences({ language })}
      />
      <MenuChoice
        label={t('bar.colours')}
        value={preferences.pair}
        options={(['green-red', 'red-green', 'blue-orange'] as const).map(
          (pair) => [pair, t(`pair.${pair}`)] as const,
        )}
        onChange={(pair) => setPreferences({ pair })}
      />
      <MenuChoice
        label={t('bar.zone')}
        value={preferences.zone}
        options={(['local', 'UTC', 'America/Bogota'] as const).map(
          (zone) => [zone, t(`zone.${zone}`)] as const,
        )}
        onChange={(zone) => setPreferences({ zone })}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => setPreferences({ hideAmounts: !preferences.hideAmounts })}>
        {preferences.hideAmounts ? <Eye aria-hidden /> : <EyeOff aria-hidden />}
        {preferences.hideAmounts ? t('bar.showAmounts') : t('bar.hideAmounts')}
      </MenuItem>
      <MenuItem onSelect={onShowKeys}>
        <Keyboard aria-hidden />
        {t('bar.shortcuts')}
      </MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => void leave()}>
        <LogOut aria-hidden />
        {t('bar.logout')}
      </MenuItem>
    </Menu>
  )
}
