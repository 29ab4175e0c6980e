import { ALERT_SEVERITIES, deck, WEBHOOK_FORMATS } from '@quantdeck/contracts'
import { useTranslation } from 'react-i18next'
import { Copyable } from '../../components/copyable.tsx'
import { SelectField, TextField } from '../../components/ui/field.tsx'
import type { Inputs, Outputs } from '../../lib/app-router.ts'
import { useContractForm } from '../../lib/contract-form.ts'
import { trpc } from '../../lib/trpc.ts'
import { GuardedForm } from './guarded-form.tsx'
import { SecretSheet } from './secret-sheet.tsx'

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
  return (
    <SecretSheet<Created>
      asking={[t('webhooks.new'), t('webhooks.newText')]}
      made={({ name }) => [name, t('webhooks.createdText')]}
      form={(onCreated) => <WebhookFields onCreated={onCreated} />}
      secret={({ secret }) => (
        <Copyable label={t('webhooks.secret')} text={secret} hint={t('webhooks.secretText')} />
      )}
      onClose={onClose}
    />
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
  return (
    <GuardedForm form={form} create={create} submitLabel={t('webhooks.create')}>
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
        <TextField label={t('webhooks.chat')} error={form.errorOf('chat_id')} {...form.register('chat_id')} />
      )}
      <SelectField label={t('webhooks.from')} {...form.register('min_severity')}>
        {ALERT_SEVERITIES.map((severity) => (
          <option key={severity} value={severity}>
            {t(`severity.${severity}`)}
          </option>
        ))}
      </SelectField>
    </GuardedForm>
  )
}
