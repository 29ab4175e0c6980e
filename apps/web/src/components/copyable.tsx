import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { copyText } from '../lib/toast.ts'
import { Button } from './ui/button.tsx'

/** A text that somebody takes elsewhere: a key, a command. */
export function Copyable({ label, text, hint }: { label: string; text: string; hint?: string }) {
  const { t } = useTranslation()
  return (
    <div>
      <div className="mb-1.5 flex items-center justify-between gap-2">
        <p className="text-sm font-medium">{label}</p>
        <Button size="sm" onClick={() => void copyText(text, t('state.copied'))}>
          <Copy aria-hidden className="size-3.5" /> {t('action.copy')}
        </Button>
      </div>
      <pre className="rounded-lg bg-raised p-3 text-xs break-all whitespace-pre-wrap">{text}</pre>
      {hint !== undefined && <p className="mt-1.5 text-xs text-muted">{hint}</p>}
    </div>
  )
}
