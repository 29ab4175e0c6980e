import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/ui/button.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'

interface SecretSheetProps<Created> {
  /** Title and text above the form, and above what it made. */
  asking: readonly [string, string]
  made: (created: Created) => readonly [string, string]
  form: (onCreated: (created: Created) => void) => ReactNode
  secret: (created: Created) => ReactNode
  onClose: () => void
}

/** Makes something with a secret that is seen once: what was not copied is gone for good, so only its own button closes it. */
export function SecretSheet<Created>({ asking, made, form, secret, onClose }: SecretSheetProps<Created>) {
  const { t } = useTranslation()
  const [created, setCreated] = useState<Created | null>(null)
  const [title, description] = created === null ? asking : made(created)
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && created === null && onClose()}
      title={title}
      description={description}
    >
      {created === null ? (
        form(setCreated)
      ) : (
        <div className="space-y-5">
          {secret(created)}
          <Button variant="primary" className="w-full" onClick={onClose}>
            {t('apiKeys.stored')}
          </Button>
        </div>
      )}
    </Sheet>
  )
}
