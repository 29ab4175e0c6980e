import { Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/ui/button.tsx'
import { Tip } from '../components/ui/tip.tsx'
import { setPreferences, useIsDark, usePreferences } from '../lib/preferences.ts'

export function ThemeToggle() {
  const { t } = useTranslation()
  const dark = useIsDark()
  const Icon = dark ? Sun : Moon
  return (
    <Tip text={t('bar.toggleTheme')}>
      <Button
        variant="ghost"
        size="icon"
        aria-label={t('bar.toggleTheme')}
        onClick={() => setPreferences({ theme: dark ? 'light' : 'dark' })}
      >
        <Icon aria-hidden className="size-[1.125rem]" />
      </Button>
    </Tip>
  )
}

export function LanguageToggle() {
  const { t } = useTranslation()
  const { language } = usePreferences()
  const other = language === 'en' ? 'es' : 'en'
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={`${other}: ${t(`language.${other}`)}`}
      className="text-xs font-semibold uppercase"
      onClick={() => setPreferences({ language: other })}
    >
      {other}
    </Button>
  )
}
