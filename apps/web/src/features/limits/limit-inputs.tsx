import { useTranslation } from 'react-i18next'
import { TextField } from '../../components/ui/field.tsx'
import {
  LIMIT_FIELDS,
  readLimit,
  showLimit,
  UNITS,
  type LimitField,
  type Limits,
  type Overrides,
} from './limit-fields.ts'

export type TypedLimits = Readonly<Record<string, string>>

/** What was typed and is no such limit. */
export function isBadLimit({ name, kind }: LimitField, typed: TypedLimits): boolean {
  const text = typed[name] ?? ''
  return text !== '' && readLimit(kind, text) === undefined
}

/** The limits that were typed, as the contract takes them. */
export function readTyped(typed: TypedLimits): Overrides {
  return Object.fromEntries(
    LIMIT_FIELDS.flatMap(({ name, kind }) => {
      const text = typed[name] ?? ''
      const value = text.trim() === '' ? undefined : readLimit(kind, text)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

interface LimitInputsProps {
  fields: readonly LimitField[]
  typed: TypedLimits
  /** What holds where nothing is typed. */
  otherwise: Limits
  onChange: (typed: TypedLimits) => void
}

export function LimitInputs({ fields, typed, otherwise, onChange }: LimitInputsProps) {
  const { t } = useTranslation()
  return fields.map((field) => (
    <TextField
      key={field.name}
      label={`${t(`limit.${field.name}`)} (${field.rule})`}
      inputMode={field.kind === 'symbols' ? 'text' : 'decimal'}
      placeholder={showLimit(field.kind, otherwise[field.name]) || t('limits.off')}
      value={typed[field.name] ?? ''}
      error={isBadLimit(field, typed) ? t('strategies.badNumber') : undefined}
      suffix={UNITS[field.kind] === '' ? undefined : <span className="pr-2">{UNITS[field.kind]}</span>}
      onChange={(event) => onChange({ ...typed, [field.name]: event.target.value })}
    />
  ))
}
