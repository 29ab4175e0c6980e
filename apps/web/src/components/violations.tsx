import { Ban } from 'lucide-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { en } from '../i18n/en/index.ts'
import { formatDateTime } from '../lib/format.ts'

export interface WireViolation {
  code: string
  scope: string
  limit: string | null
  observed: string | null
  unit: string | null
  message: string
  until?: string | undefined
}

type KnownViolation = keyof typeof en.violation

/** The reason in the reader's language; one this page does not know keeps the engine's own sentence. */
export function violationText(violation: Pick<WireViolation, 'code' | 'message'>, t: TFunction): string {
  return violation.code in en.violation
    ? t(`violation.${violation.code as KnownViolation}`)
    : violation.message
}

/** Why something was refused: each reason as a sentence, with the limit and what was observed. */
export function Violations({ violations }: { violations: readonly WireViolation[] }) {
  const { t } = useTranslation()
  if (violations.length === 0) return <p className="text-sm text-muted">{t('orders.noReasons')}</p>
  return (
    <ul className="space-y-2">
      {violations.map((violation) => (
        <li key={`${violation.code}|${violation.scope}`} className="flex items-start gap-2 text-sm">
          <Ban aria-hidden className="mt-0.5 size-4 shrink-0 text-down" />
          <div className="min-w-0">
            <p className="font-medium">{violationText(violation, t)}</p>
            <p className="num text-xs whitespace-normal text-muted">{facts(violation, t)}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}

function facts(violation: WireViolation, t: TFunction): string {
  const unit = violation.unit === null ? '' : ` ${violation.unit}`
  const parts = [violation.scope.replace(':', ' ')]
  if (violation.limit !== null && violation.observed !== null) {
    parts.push(
      t('orders.limitWas', { limit: `${violation.limit}${unit}`, observed: `${violation.observed}${unit}` }),
    )
  }
  if (violation.until !== undefined) parts.push(t('orders.until', { time: formatDateTime(violation.until) }))
  return parts.join(' · ')
}
