import { Link, type LinkProps } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { cn } from '../../lib/cn.ts'

interface TabLinksProps {
  label: string
  /** Each tab is a page of its own: it can be linked, reloaded and gone back to. */
  tabs: readonly { key: string; text: string; link: Pick<LinkProps, 'to' | 'params' | 'search'> }[]
  current: string
}

export function TabLinks({ label, tabs, current }: TabLinksProps) {
  const row = useRef<HTMLElement>(null)
  // On a phone the row is wider than the screen: the tab that is open is in sight.
  useEffect(() => {
    row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [current])
  return (
    <nav ref={row} aria-label={label} className="scroll-thin overflow-x-auto border-b">
      <ul className="flex gap-1">
        {tabs.map(({ key, text, link }) => (
          <li key={key}>
            <Link
              {...link}
              aria-current={key === current ? 'page' : undefined}
              className={cn(
                'block border-b-2 border-transparent px-3 py-2 text-sm whitespace-nowrap text-muted hover:text-ink',
                key === current && 'border-accent font-medium text-ink',
              )}
            >
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
