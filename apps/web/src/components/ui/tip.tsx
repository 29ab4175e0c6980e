import { Info } from 'lucide-react'
import { Popover, Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'

export const TipProvider = Tooltip.Provider

const BUBBLE =
  'z-50 max-w-72 animate-rise rounded-lg border bg-surface px-3 py-2 text-xs leading-relaxed text-ink shadow-xl'

/** Words for a control that only shows an icon or a dash. The trigger must be focusable. */
export function Tip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content sideOffset={6} collisionPadding={8} className={BUBBLE}>
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

/** The (i) beside a figure: opens on click and on touch, where a hover does not exist. */
export function InfoTip({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={label}
        className="-m-1 inline-flex size-6 items-center justify-center rounded-full text-muted hover:text-ink"
      >
        <Info aria-hidden className="size-3.5" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content sideOffset={4} collisionPadding={8} className={BUBBLE}>
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
