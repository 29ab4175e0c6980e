import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from 'react'
import { cn } from '../../lib/cn.ts'

const CONTROL =
  'h-9 w-full min-w-0 rounded-lg border border-line-strong bg-surface px-3 text-sm text-ink placeholder:text-muted aria-invalid:border-bad-solid'

interface FieldProps {
  label: string
  hint?: ReactNode
  error?: string | undefined
  /** Right inside the control: a unit, a button. */
  suffix?: ReactNode
}

function Frame({ id, label, hint, error, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      {children}
      {hint !== undefined && error === undefined && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="text-xs font-medium text-bad-ink">
          {error}
        </p>
      )}
    </div>
  )
}

function describedBy(id: string, { hint, error }: Pick<FieldProps, 'hint' | 'error'>): string | undefined {
  if (error !== undefined) return `${id}-error`
  return hint === undefined ? undefined : `${id}-hint`
}

export function TextField({
  label,
  hint,
  error,
  suffix,
  className,
  ...rest
}: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <div className="relative">
        <input
          id={id}
          aria-invalid={error !== undefined}
          aria-describedby={describedBy(id, { hint, error })}
          className={cn(CONTROL, suffix !== undefined && 'pr-14', className)}
          {...rest}
        />
        {suffix !== undefined && (
          <span className="absolute inset-y-0 right-1 flex items-center text-xs text-muted">{suffix}</span>
        )}
      </div>
    </Frame>
  )
}

export function SelectField({
  label,
  hint,
  error,
  className,
  children,
  ...rest
}: Omit<FieldProps, 'suffix'> & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <select
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(id, { hint, error })}
        className={cn(CONTROL, className)}
        {...rest}
      >
        {children}
      </select>
    </Frame>
  )
}

interface PickerProps<T extends string> {
  label: string
  value: T | undefined
  /** Text of the choice that filters nothing. */
  allLabel: string
  options: readonly (readonly [T, string])[]
  onChange: (value: T | undefined) => void
  className?: string
}

/** A compact select for filter bars; its label is for screen readers, the text shown is the choice. */
export function Picker<T extends string>({
  label,
  value,
  allLabel,
  options,
  onChange,
  className,
}: PickerProps<T>) {
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange((event.target.value || undefined) as T | undefined)}
      className={cn(
        'h-8 max-w-48 rounded-lg border border-line-strong bg-surface px-2 text-xs font-medium text-ink',
        className,
      )}
    >
      <option value="">{allLabel}</option>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  )
}
