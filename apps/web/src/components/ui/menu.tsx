import { Check } from 'lucide-react'
import { DropdownMenu as Base } from 'radix-ui'
import type { ReactNode } from 'react'

const ITEM =
  'relative flex cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm outline-none select-none data-[highlighted]:bg-raised [&_svg]:size-4 [&_svg]:text-muted'

interface MenuProps {
  trigger: ReactNode
  defaultOpen?: boolean
  children: ReactNode
}

export function Menu({ trigger, defaultOpen = false, children }: MenuProps) {
  return (
    <Base.Root modal={false} defaultOpen={defaultOpen}>
      <Base.Trigger asChild>{trigger}</Base.Trigger>
      {/* Inside a landmark, where a screen reader's walk through the page comes by. */}
      <Base.Portal container={document.querySelector<HTMLElement>('#main')}>
        <Base.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-56 animate-rise overflow-y-auto rounded-xl border bg-surface p-1.5 shadow-xl"
        >
          {children}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  )
}

export function MenuItem({ onSelect, children }: { onSelect: () => void; children: ReactNode }) {
  return (
    <Base.Item onSelect={onSelect} className={ITEM}>
      {children}
    </Base.Item>
  )
}

interface MenuChoiceProps<T extends string> {
  label: string
  value: T
  options: readonly (readonly [T, string])[]
  onChange: (value: T) => void
}

export function MenuChoice<T extends string>({ label, value, options, onChange }: MenuChoiceProps<T>) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      <MenuLabel>{label}</MenuLabel>
      {options.map(([option, text]) => (
        <Base.RadioItem
          key={option}
          value={option}
          className={ITEM}
          onSelect={(event) => event.preventDefault()}
        >
          <span className="flex size-4 items-center justify-center">
            <Base.ItemIndicator>
              <Check aria-hidden />
            </Base.ItemIndicator>
          </span>
          {text}
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <Base.Label className="px-2.5 pt-2 pb-1 text-[0.6875rem] font-semibold tracking-wide text-muted uppercase">
      {children}
    </Base.Label>
  )
}

export function MenuSeparator() {
  return <Base.Separator className="my-1.5 h-px bg-line" />
}
