import type { ReactNode } from 'react'
import { cn } from '../../lib/cn.ts'

interface CardProps {
  title?: ReactNode
  description?: ReactNode
  /** Right of the title: switches, links. */
  actions?: ReactNode
  className?: string
  bodyClassName?: string
  children: ReactNode
}

export function Card({ title, description, actions, className, bodyClassName, children }: CardProps) {
  return (
    <section className={cn('min-w-0 rounded-xl border bg-surface shadow-card', className)}>
      {(title !== undefined || actions !== undefined) && (
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-3.5">
          <div className="min-w-0">
            {title !== undefined && <h2 className="text-sm font-semibold tracking-tight">{title}</h2>}
            {description !== undefined && <p className="text-xs text-muted">{description}</p>}
          </div>
          {actions}
        </header>
      )}
      <div className={cn('p-4', bodyClassName)}>{children}</div>
    </section>
  )
}
