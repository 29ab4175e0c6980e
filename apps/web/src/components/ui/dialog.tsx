import { X } from 'lucide-react'
import { AlertDialog as Alert, Dialog as Base } from 'radix-ui'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '../../lib/cn.ts'
import { Button, buttonClass } from './button.tsx'

const OVERLAY = 'fixed inset-0 z-50 bg-black/45 backdrop-blur-[1px]'

/** Most of them open without a trigger of their own, by a key or from a menu: whoever closes one is back where they were. */
function useFocusReturn() {
  const before = useRef<Element | null>(null)
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault()
      if (before.current instanceof HTMLElement) before.current.focus()
    },
  }
}

interface SheetProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: string
  side?: 'right' | 'left'
  children: ReactNode
}

/** A dialog along the edge of the screen: forms, details, the phone's navigation. */
export function Sheet({ open, onOpenChange, title, description, side = 'right', children }: SheetProps) {
  const { t } = useTranslation()
  const focus = useFocusReturn()
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Overlay className={OVERLAY} />
        <Base.Content
          {...focus}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={cn(
            'fixed inset-y-0 z-50 flex w-full max-w-md animate-slide-in flex-col overflow-y-auto bg-surface p-5 shadow-2xl',
            side === 'right' ? 'right-0 border-l' : 'left-0 max-w-72 border-r',
          )}
        >
          <div className="mb-4 flex items-start justify-between gap-3">
            <div>
              <Base.Title className="text-base font-semibold">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description className="mt-0.5 text-sm text-muted">{description}</Base.Description>
              )}
            </div>
            <Base.Close aria-label={t('action.close')} className={buttonClass('ghost', 'icon-sm')}>
              <X aria-hidden className="size-4" />
            </Base.Close>
          </div>
          {children}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  )
}

interface ConfirmProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description: ReactNode
  confirmLabel: string
  danger?: boolean
  pending?: boolean
  onConfirm: () => void
}

/** Asks before something with consequences; focus starts on the harmless button. */
export function Confirm({
  open,
  onOpenChange,
  title,
  description,
  confirmLabel,
  danger = false,
  pending = false,
  onConfirm,
}: ConfirmProps) {
  const { t } = useTranslation()
  return (
    <Alert.Root open={open} onOpenChange={onOpenChange}>
      <Alert.Portal>
        <Alert.Overlay className={OVERLAY} />
        <Alert.Content className="fixed inset-x-4 top-1/4 z-50 mx-auto max-w-md animate-rise rounded-xl border bg-surface p-5 shadow-2xl">
          <Alert.Title className="text-base font-semibold">{title}</Alert.Title>
          <Alert.Description asChild>
            <div className="mt-2 text-sm text-muted">{description}</div>
          </Alert.Description>
          <div className="mt-5 flex justify-end gap-2">
            <Alert.Cancel className={buttonClass('outline', 'md')}>{t('action.cancel')}</Alert.Cancel>
            <Button variant={danger ? 'danger' : 'primary'} pending={pending} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </div>
        </Alert.Content>
      </Alert.Portal>
    </Alert.Root>
  )
}

interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: string
  children: ReactNode
}

/** A form in the middle of the screen. */
export function Dialog({ open, onOpenChange, title, description, children }: DialogProps) {
  const focus = useFocusReturn()
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Overlay className={OVERLAY} />
        <Base.Content
          {...focus}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className="scroll-thin fixed inset-x-4 top-[10vh] z-50 mx-auto max-h-[80vh] max-w-md animate-rise overflow-y-auto rounded-xl border bg-surface p-5 shadow-2xl"
        >
          <Base.Title className="text-base font-semibold">{title}</Base.Title>
          {description !== undefined && (
            <Base.Description className="mt-1 text-sm text-muted">{description}</Base.Description>
          )}
          <div className="mt-4">{children}</div>
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  )
}
