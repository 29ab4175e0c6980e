import { useEffect, useState } from 'react'

interface FilterFieldProps {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}

const PAUSE_MS = 350

/** A compact text filter; it filters when typing pauses, not at each key. */
export function FilterField({ label, value, onChange }: FilterFieldProps) {
  const [text, setText] = useState(value ?? '')
  useEffect(() => setText(value ?? ''), [value])
  useEffect(() => {
    const wanted = text.trim() || undefined
    if (wanted === value) return
    const timer = setTimeout(() => onChange(wanted), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      className="h-8 w-32 rounded-lg border border-line-strong bg-surface px-2 text-xs text-ink placeholder:text-muted"
    />
  )
}
