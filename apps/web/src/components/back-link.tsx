import { Link, type LinkProps } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'

/** Under a heading: the way to the list that the page belongs to. */
export function BackLink({
  children,
  ...link
}: Pick<LinkProps, 'to' | 'params' | 'search'> & { children: ReactNode }) {
  return (
    <Link {...link} className="inline-flex items-center gap-1 hover:text-ink">
      <ArrowLeft aria-hidden className="size-3.5" /> {children}
    </Link>
  )
}
