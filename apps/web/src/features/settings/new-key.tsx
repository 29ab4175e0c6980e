import { API_KEY_SCOPES, deck } from '@quantdeck/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asksForPassword, usePasswordGuard } from '../../components/confirm-password.tsx'
import { Copyable } from '../../components/copyable.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Checkbox } from '../../components/ui/checkbox.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { SelectField, TextField } from '../../components/ui/field.tsx'
import { useStrategyOptions } from '../../components/use-strategy-options.ts'
import type { Inputs, Outputs } from '../../lib/app-router.ts'
import { useContractForm } from '../../lib/contract-form.ts'
import { problemText, toProblem } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { expiryInstant, signalCurl, splitList } from './key-form.ts'

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
  const [created, setCreated] = useState<Created | null>(null)
  return (
    <Sheet
      open
      // A key that was not copied is gone for good: only its own button closes what shows it.
      onOpenChange={(open) => !open && created === null && onClose()}
      title={created === null ? t('apiKeys.new') : t('apiKeys.created', { name: created.name })}
      description={created === null ? t('apiKeys.newText') : t('apiKeys.createdText')}
    >
      {created === null ? (
        <KeyFields onCreated={setCreated} />
      ) : (
        <Secret created={created} onClose={onClose} />
      )}
    </Sheet>
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
  const { guard, dialog } = usePasswordGuard()
  const problem = create.error && !asksForPassword(create.error) ? toProblem(create.error) : null
  return (
    <>
      <form
        noValidate
        className="space-y-5"
        onSubmit={(event) => void form.submit((input) => guard(() => create.mutateAsync(input)))(event)}
      >
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
        {problem && (
          <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad-ink">
            {problemText(problem, t)} {problem.details.map((detail) => detail.message).join(' ')}
          </p>
        )}
        <Button type="submit" variant="primary" className="w-full" pending={create.isPending}>
          {t('apiKeys.create')}
        </Button>
      </form>
      {dialog}
    </>
  )
}

/** The only time the key is seen: copied, tried with a ready line, and put away. */
function Secret({ created, onClose }: { created: Created; onClose: () => void }) {
  const { t } = useTranslation()
  const mine = useStrategyOptions()
  const first = created.strategy_ids === null ? mine[0]?.[0] : created.strategy_ids[0]
  const strategy = trpc.v1.strategies.get.useQuery(
    { strategy_id: first ?? '' },
    { enabled: first !== undefined && created.scopes.includes('signals') },
  )
  return (
    <div className="space-y-5">
      <Copyable label={t('apiKeys.secret')} text={created.key} />
      {strategy.data && (
        <Copyable
          label={t('apiKeys.curl')}
          text={signalCurl(window.location.origin, created.key, strategy.data.data)}
          hint={t('apiKeys.curlHint')}
        />
      )}
      <Button variant="primary" className="w-full" onClick={onClose}>
        {t('apiKeys.stored')}
      </Button>
    </div>
  )
}
