import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useOffline } from '../lib/feed.ts'
import { Refusal } from './refusal.tsx'
import { Button } from './ui/button.tsx'

interface SendFormProps {
  /** What becomes of what was sent. */
  sending: { error: unknown; isPending: boolean }
  submitLabel: ReactNode
  /** Why it cannot be sent as it is. */
  blocked?: string | undefined
  onSubmit: () => void
  children: ReactNode
}

/** A form that starts something on the server: it says why it was refused, and waits for a connection. */
export function SendForm({ sending, submitLabel, blocked, onSubmit, children }: SendFormProps) {
  const { t } = useTranslation()
  const offline = useOffline()
  const reason = offline ? t('strategies.offlineBlocks') : blocked
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
      {sending.error !== null && <Refusal error={sending.error} />}
      <Button
        type="submit"
        variant="primary"
        className="w-full"
        pending={sending.isPending}
        disabled={reason !== undefined}
        title={reason}
      >
        {submitLabel}
      </Button>
    </form>
  )
}
