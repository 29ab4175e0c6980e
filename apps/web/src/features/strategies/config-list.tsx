import { useTranslation } from 'react-i18next'
import { cn } from '../../lib/cn.ts'

type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

const UNIT_BY_SUFFIX: readonly [string, string][] = [
  ['_pct', ' %'],
  ['_seconds', ' s'],
  ['_minutes', ' min'],
  ['_bps', ' bp'],
  ['_usd', ' USD'],
]

/** `stop_loss_pct` -> "Stop loss", with its unit beside the value: the name of a parameter, the same in any language. */
export function readKey(key: string): { label: string; unit: string } {
  const match = UNIT_BY_SUFFIX.find(([suffix]) => key.endsWith(suffix))
  const bare = match ? key.slice(0, -match[0].length) : key
  const words = bare.replaceAll('_', ' ')
  return { label: words.charAt(0).toUpperCase() + words.slice(1), unit: match?.[1] ?? '' }
}

interface ConfigListProps {
  config: { readonly [key: string]: JsonValue }
  /** In as many columns as fit: for long lists over the whole page. */
  columns?: boolean
}

/** A stored configuration as a list of names and values, whatever it holds; never raw JSON. */
export function ConfigList({ config, columns = false }: ConfigListProps) {
  const { t } = useTranslation()
  const entries = Object.entries(config)
  if (entries.length === 0) return <p className="text-sm text-muted">{t('strategies.configEmpty')}</p>
  return (
    <dl className={cn('text-sm', columns ? 'gap-x-10 sm:columns-2 xl:columns-3' : 'divide-y')}>
      {entries.map(([key, value]) => (
        <Entry key={key} name={key} value={value} className={columns ? 'break-inside-avoid border-b' : ''} />
      ))}
    </dl>
  )
}

function Entry({ name, value, className }: { name: string; value: JsonValue; className: string }) {
  const { label, unit } = readKey(name)
  if (isGroup(value)) {
    return (
      <div className={cn('py-2', className)}>
        <dt translate="no" className="text-muted">
          {label}
        </dt>
        <dd className="mt-1 border-l pl-3">
          <ConfigList config={value} />
        </dd>
      </div>
    )
  }
  return (
    <div className={cn('flex justify-between gap-4 py-2', className)}>
      <dt translate="no" className="text-muted" title={name}>
        {label}
      </dt>
      <dd className="num min-w-0 text-right break-words whitespace-normal">
        <ConfigValue value={value} unit={unit} />
      </dd>
    </div>
  )
}

export function ConfigValue({ value, unit }: { value: JsonValue; unit: string }) {
  const { t } = useTranslation()
  const none = <span className="text-muted">{t('strategies.none')}</span>
  if (value === null || value === '') return none
  if (typeof value === 'boolean') return <>{value ? t('strategies.yes') : t('strategies.no')}</>
  if (typeof value !== 'object') return <>{`${value}${unit}`}</>
  if (isGroup(value)) return <ConfigList config={value} />
  const items = Object.values(value)
  if (items.length === 0) return none
  return (
    <span className="flex flex-wrap justify-end gap-1">
      {items.map((item) => (
        <span key={JSON.stringify(item)} className="rounded bg-raised px-1.5 py-0.5 text-xs">
          <ConfigValue value={item} unit={unit} />
        </span>
      ))}
    </span>
  )
}

/** An object with something in it; an empty one is just "none". */
function isGroup(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
}
