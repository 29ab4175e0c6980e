import { useTranslation } from 'react-i18next'
import { ConfigList } from '../strategies/config-list.tsx'
import { LIMIT_FIELDS, type Limits, showLimit, UNITS } from './limit-fields.ts'
import { LimitValue } from './limit-value.tsx'

/** Limits as they were at some time, in the order of the risk engine; the guard of several values comes last. */
export function LimitList({ limits }: { limits: Partial<Limits> }) {
  const { t } = useTranslation()
  const guard = limits.stop_loss_guard
  return (
    <div className="gap-x-10 text-sm sm:columns-2 xl:columns-3">
      <dl>
        {LIMIT_FIELDS.filter(({ name }) => limits[name] !== undefined).map(({ name, kind }) => (
          <div key={name} className="flex break-inside-avoid justify-between gap-4 border-b py-2">
            <dt className="min-w-0 text-muted">{t(`limit.${name}`)}</dt>
            <dd className="text-right">
              <LimitValue text={showLimit(kind, limits[name])} unit={UNITS[kind]} />
            </dd>
          </div>
        ))}
      </dl>
      {guard !== undefined && <ConfigList config={{ stop_loss_guard: guard }} />}
    </div>
  )
}
