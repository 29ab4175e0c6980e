import type { ReactNode } from 'react'

/** Why something did not work; screen readers say it as soon as it appears. */
export function Alert({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad-ink">
      {children}
    </p>
  )
}
