import type { ReactNode } from 'react'

/** A labelled figure inside a `<dl>`. */
export function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="num mt-0.5 text-lg font-semibold tracking-tight break-words whitespace-normal">
        {children}
      </dd>
    </div>
  )
}
