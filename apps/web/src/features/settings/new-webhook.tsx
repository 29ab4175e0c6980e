import { ALERT_SEVERITIES, deck, WEBHOOK_FORMATS } from '@quantdeck/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asksForPassword, usePasswordGuard } from '../../components/confirm-password.tsx'
import { Copyable } from '../../components/copyable.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { SelectField, TextField } from '../../components/ui/field.tsx'
import type { Inputs, Outputs } from '../../lib/app-router.ts'
import { useContractForm } from '../../lib/contract-form.ts'
import { problemText, toProblem } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'

type Created = Outputs['deck']['webhooks']['create']['data']

interface WebhookForm {
  name: string
  url: string
  format: (typeof WEBHOOK_FORMATS)[number]
  chat_id: string
  min_severity: (typeof ALERT_SEVERITIES)[number]
}

export function NewWebhook({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [created, setCreated] = useState<Created | null>(null)
  return (
    <Sheet
      open
      // A secret that was not copied is gone for good: only its own button closes what shows it.
      onOpenChange={(open) => !open && created === null && onClose()}
      title={created === null ? t('webhooks.new') : created.name}
      description={created === null ? t('webhooks.newText') : t('webhooks.createdText')}
    >
      {created === null ? (
        <WebhookFields onCreated={setCreated} />
      ) : (
        <div className="space-y-5">
          <Copyable label={t('webhooks.secret')} text={created.secret} hint={t('webhooks.secretText')} />
          <Button variant="primary" className="w-full" onClick={onClose}>
            {t('apiKeys.stored')}
          </Button>
        </div>
      )}
    </Sheet>
  )
}

function WebhookFields({ onCreated }: { onCreated: (created: Created) => void }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const form = useContractForm<WebhookForm, Inputs['deck']['webhooks']['create']>(
    deck.webhooks.create.input,
    {
      name: '',
      url: '',
      format: 'json',
      chat_id: '',
      min_severity: 'WARNING',
    },
  )
  const create = trpc.deck.webhooks.create.useMutation({
    onSuccess({ data }) {
      void utils.deck.webhooks.invalidate()
      onCreated(data)
    },
  })
  const { guard, dialog } = usePasswordGuard()
  const problem = create.error && !asksForPassword(create.error) ? toProblem(create.error) : null
  return (
    <>
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => void form.submit((input) => guard(() => create.mutateAsync(input)))(event)}
      >
        <TextField label={t('settings.name')} error={form.errorOf('name')} {...form.register('name')} />
        <TextField
          label={t('webhooks.url')}
          type="url"
          placeholder="https://hooks.example.com/quantdeck"
          hint={t('webhooks.urlHint')}
          error={form.errorOf('url')}
          {...form.register('url')}
        />
        <SelectField label={t('webhooks.format')} {...form.register('format')}>
          {WEBHOOK_FORMATS.map((format) => (
            <option key={format} value={format}>
              {t(`webhookFormat.${format}`)}
            </option>
          ))}
        </SelectField>
        {form.watch('format') === 'telegram' && (
          <TextField
            label={t('webhooks.chat')}
            error={form.errorOf('chat_id')}
            {...form.register('chat_id')}
          />
        )}
        <SelectField label={t('webhooks.from')} {...form.register('min_severity')}>
          {ALERT_SEVERITIES.map((severity) => (
            <option key={severity} value={severity}>
              {t(`severity.${severity}`)}
            </option>
          ))}
        </SelectField>
        {problem && (
          <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad-ink">
            {problemText(problem, t)} {problem.details.map((detail) => detail.message).join(' ')}
          </p>
        )}
        <Button type="submit" variant="primary" className="w-full" pending={create.isPending}>
          {t('webhooks.create')}
        </Button>
      </form>
      {dialog}
    </>
  )
}
