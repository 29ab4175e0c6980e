import { useTranslation } from 'react-i18next'

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

/** `stop_loss_pct` -> "Stop loss", with its unit beside the value. */
function readKey(key: string): { label: string; unit: string } {
  const match = UNIT_BY_SUFFIX.find(([suffix]) => key.endsWith(suffix))
  const bare = match ? key.slice(0, -match[0].length) : key
  const words = bare.replaceAll('_', ' ')
  return { label: words.charAt(0).toUpperCase() + words.slice(1), unit: match?.[1] ?? '' }
}

/** A stored configuration as a list of names and values, whatever it holds. */
export function ConfigList({ config }: { config: { readonly [key: string]: JsonValue } }) {
  const { t } = useTranslation()
  const entries = Object.entries(config)
  if (entries.length === 0) return <p className="text-sm text-muted">{t('strategies.configEmpty')}</p>
  return (
    <dl className="divide-y text-sm">
      {entries.map(([key, value]) => {
        const { label, unit } = readKey(key)
        return (
          <div key={key} className="flex justify-between gap-4 py-2">
            <dt className="text-muted" title={key}>
              {label}
            </dt>
            <dd className="num min-w-0 text-right whitespace-normal">
              <ConfigValue value={value} unit={unit} />
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

function ConfigValue({ value, unit }: { value: JsonValue; unit: string }) {
  const { t } = useTranslation()
  if (value === null) return <span className="text-muted">{t('strategies.none')}</span>
  if (typeof value === 'boolean') return <>{value ? t('strategies.yes') : t('strategies.no')}</>
  if (typeof value !== 'object') return <>{`${value}${unit}`}</>
  if (isList(value)) {
    return (
      <span className="flex flex-wrap justify-end gap-1">
        {value.map((item) => (
          <span key={JSON.stringify(item)} className="rounded bg-raised px-1.5 py-0.5 text-xs">
            <ConfigValue value={item} unit={unit} />
          </span>
        ))}
      </span>
    )
  }
  return <ConfigList config={value} />
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value)
}
