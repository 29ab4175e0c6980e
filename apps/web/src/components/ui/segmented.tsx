import { cn } from '../../lib/cn.ts'

interface SegmentedProps<T extends string> {
  label: string
  /** Undefined: none is pressed. */
  value: T | undefined
  options: readonly (readonly [T, string])[]
  onChange: (value: T) => void
  className?: string
}

/** A row of buttons of which one is pressed: periods, filters. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
  className,
}: SegmentedProps<T>) {
  return (
    <fieldset aria-label={label} className={cn('inline-flex rounded-lg border bg-raised p-0.5', className)}>
      {options.map(([option, text]) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          onClick={() => onChange(option)}
          className={cn(
            'min-h-7 min-w-8 rounded-md px-2 py-0.5 text-xs font-medium text-muted transition-colors hover:text-ink',
            option === value && 'bg-surface text-ink shadow-card',
          )}
        >
          {text}
        </button>
      ))}
    </fieldset>
  )
}
