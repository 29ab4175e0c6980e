import { useTranslation } from 'react-i18next'

/** @param text as `showLimit` writes it: empty for a rule that is off */
export function LimitValue({ text, unit }: { text: string; unit: string }) {
  const { t } = useTranslation()
  if (text === '') return <span className="text-muted">{t('limits.off')}</span>
  return <span className="num">{unit === '' ? text : `${text} ${unit}`}</span>
}
