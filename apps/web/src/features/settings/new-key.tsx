import { API_KEY_SCOPES, deck } from '@quantdeck/contracts'
import { useTranslation } from 'react-i18next'
import { Copyable } from '../../components/copyable.tsx'
import { Checkbox } from '../../components/ui/checkbox.tsx'
import { SelectField, TextField } from '../../components/ui/field.tsx'
import { useStrategyOptions } from '../../components/use-strategy-options.ts'
import type { Inputs, Outputs } from '../../lib/app-router.ts'
import { useContractForm } from '../../lib/contract-form.ts'
import { trpc } from '../../lib/trpc.ts'
import { GuardedForm } from './guarded-form.tsx'
import { expiryInstant, signalCurl, splitList } from './key-form.ts'
import { SecretSheet } from './secret-sheet.tsx'

type Created = Outputs['deck']['apiKeys']['create']['data']

interface KeyForm {
  name: string
  scopes: string[]
  strategy_ids: string[]
  expires_at: string
  ip_allow_list: string
}

export function NewKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <SecretSheet<Created>
      asking={[t('apiKeys.new'), t('apiKeys.newText')]}
      made={({ name }) => [t('apiKeys.created', { name }), t('apiKeys.createdText')]}
      form={(onCreated) => <KeyFields onCreated={onCreated} />}
      secret={(created) => <Secret created={created} />}
      onClose={onClose}
    />
  )
}

function KeyFields({ onCreated }: { onCreated: (created: Created) => void }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const strategies = useStrategyOptions()
  const form = useContractForm<KeyForm, Inputs['deck']['apiKeys']['create']>(
    deck.apiKeys.create.input,
    { name: '', scopes: ['read', 'signals'], strategy_ids: [], expires_at: '90', ip_allow_list: '' },
    (values) => ({
      ...values,
      strategy_ids: values.strategy_ids.length === 0 ? undefined : values.strategy_ids,
      expires_at: expiryInstant(values.expires_at),
      ip_allow_list: splitList(values.ip_allow_list),
    }),
  )
  const create = trpc.deck.apiKeys.create.useMutation({
    onSuccess({ data }) {
      void utils.deck.apiKeys.invalidate()
      onCreated(data)
    },
  })
  return (
    <GuardedForm form={form} create={create} submitLabel={t('apiKeys.create')}>
      <TextField
        label={t('settings.name')}
        hint={t('apiKeys.nameHint')}
        error={form.errorOf('name')}
        {...form.register('name')}
      />
      <fieldset className="space-y-2.5">
        <legend className="mb-1.5 text-sm font-medium">{t('apiKeys.scopes')}</legend>
        {API_KEY_SCOPES.map((scope) => (
          <Checkbox
            key={scope}
            label={t(`scope.${scope}`)}
            hint={t(`scopeText.${scope}`)}
            value={scope}
            {...form.register('scopes')}
          />
        ))}
        {form.errorOf('scopes') !== undefined && (
          <p className="text-xs font-medium text-bad-ink">{form.errorOf('scopes')}</p>
        )}
      </fieldset>
      <fieldset className="space-y-2">
        <legend className="mb-1.5 text-sm font-medium">{t('nav.strategies')}</legend>
        <p className="text-xs text-muted">{t('apiKeys.strategiesHint')}</p>
        {strategies.map(([id, name]) => (
          <Checkbox key={id} label={name} hint={id} value={id} {...form.register('strategy_ids')} />
        ))}
      </fieldset>
      <SelectField label={t('apiKeys.expiry')} {...form.register('expires_at')}>
        {(['30', '90', '365'] as const).map((days) => (
          <option key={days} value={days}>
            {t('apiKeys.days', { count: Number(days) })}
          </option>
        ))}
        <option value="">{t('apiKeys.noExpiry')}</option>
      </SelectField>
      <TextField
        label={t('apiKeys.addresses')}
        hint={t('apiKeys.addressesHint')}
        placeholder="203.0.113.7, 10.0.0.0/8"
        error={form.errorOf('ip_allow_list')}
        {...form.register('ip_allow_list')}
      />
    </GuardedForm>
  )
}

/** The key, and a line with it that is ready to be tried. */
function Secret({ created }: { created: Created }) {
  const { t } = useTranslation()
  const mine = useStrategyOptions()
  const first = created.strategy_ids === null ? mine[0]?.[0] : created.strategy_ids[0]
  const strategy = trpc.v1.strategies.get.useQuery(
    { strategy_id: first ?? '' },
    { enabled: first !== undefined && created.scopes.includes('signals') },
  )
  return (
    <>
      <Copyable label={t('apiKeys.secret')} text={created.key} />
      {strategy.data && (
        <Copyable
          label={t('apiKeys.curl')}
          text={signalCurl(window.location.origin, created.key, strategy.data.data)}
          hint={t('apiKeys.curlHint')}
        />
      )}
    </>
  )
}
