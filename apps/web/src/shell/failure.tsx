import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState, ErrorState } from '../components/data-block.tsx'
import { buttonClass } from '../components/ui/button.tsx'
import { Card } from '../components/ui/card.tsx'

export function NotFound() {
  const { t } = useTranslation()
  const home = (
    <Link to="/" className={buttonClass('outline', 'md')}>
      {t('state.home')}
    </Link>
  )
  return (
    <Card className="mx-auto max-w-xl">
      <h1 className="sr-only">{t('state.notFound')}</h1>
      <EmptyState title={t('state.notFound')} text={t('state.notFoundText')} action={home} />
    </Card>
  )
}

export function PageFailure({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation()
  return (
    <Card className="mx-auto max-w-xl">
      <h1 className="text-center text-base font-semibold">{t('state.crash')}</h1>
      <ErrorState error={error} onRetry={reset} />
    </Card>
  )
}
