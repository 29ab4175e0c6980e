import { useEffect, useRef, type ReactNode } from 'react'
import { cn } from '../lib/cn.ts'
import { useUnacknowledged } from './use-deck-status.ts'

interface PageProps {
  title: string
  description?: ReactNode
  actions?: ReactNode
  className?: string
  children: ReactNode
}

/** The first page of a visit keeps the browser's own focus; each later one takes it to its heading. */
let visited = false

export function Page({ title, description, actions, className, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const count = useUnacknowledged()
  useEffect(() => {
    if (visited) heading.current?.focus({ preventScroll: true })
    visited = true
  }, [])
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ''}${title} · Quantdeck`
  }, [title, count])
  return (
    <div className={cn('mx-auto w-full max-w-[100rem] space-y-4', className)}>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-3">
        <div className="min-w-0">
          <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold tracking-tight">
            {title}
          </h1>
          {description !== undefined && <div className="mt-0.5 text-sm text-muted">{description}</div>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  )
}
