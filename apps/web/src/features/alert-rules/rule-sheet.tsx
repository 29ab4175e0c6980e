import { ALERT_KINDS, ALERT_SEVERITIES, deck } from '@quantdeck/contracts'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '../../components/ui/checkbox.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { SelectField, TextField } from '../../components/ui/field.tsx'
import { useStrategyOptions } from '../../components/use-strategy-options.ts'
import type { Inputs } from '../../lib/app-router.ts'
import { useContractForm } from '../../lib/contract-form.ts'
import { toastSuccess } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'
import { GuardedForm } from '../settings/guarded-form.tsx'
import { isFixed, readRule, THRESHOLDS, toForm, type AlertRule, type RuleForm } from './rule-form.ts'

interface RuleSheetProps {
  /** null: a new one. */
  rule: AlertRule | null
  onClose: () => void
}

export function RuleSheet({ rule, onClose }: RuleSheetProps) {
  const { t } = useTranslation()
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={rule === null ? t('alertRules.new') : t(`alertKind.${rule.kind}`)}
      description={t('alertRules.sheetText')}
    >
      {rule === null ? <NewRule onDone={onClose} /> : <ChangeRule rule={rule} onDone={onClose} />}
    </Sheet>
  )
}

function useDone(onDone: () => void) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  return {
    onSuccess() {
      toastSuccess(t('alertRules.saved'))
      void utils.deck.alertRules.invalidate()
      onDone()
    },
  }
}

function NewRule({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const create = trpc.deck.alertRules.create.useMutation(useDone(onDone))
  const strategies = useStrategyOptions()
  const form = useContractForm<RuleForm, Inputs['deck']['alertRules']['create']>(
    deck.alertRules.create.input,
    toForm(null),
    (values) => ({ kind: values.kind, strategy_id: values.strategy_id || null, ...readRule(values) }),
  )
  return (
    <GuardedForm form={form} create={create} submitLabel={t('alertRules.create')}>
      <SelectField label={t('alertRules.kind')} error={form.errorOf('kind')} {...form.register('kind')}>
        {ALERT_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`alertKind.${kind}`)}
          </option>
        ))}
      </SelectField>
      <SelectField label={t('field.strategy')} {...form.register('strategy_id')}>
        <option value="">{t('alertRules.everyStrategy')}</option>
        {strategies.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      <Settings form={form} />
    </GuardedForm>
  )
}

function ChangeRule({ rule, onDone }: { rule: AlertRule; onDone: () => void }) {
  const { t } = useTranslation()
  const update = trpc.deck.alertRules.update.useMutation(useDone(onDone))
  const form = useContractForm<RuleForm, Inputs['deck']['alertRules']['update']>(
    deck.alertRules.update.input,
    toForm(rule),
    (values) => ({ rule_id: rule.rule_id, ...readRule(values) }),
  )
  return (
    <GuardedForm form={form} create={update} submitLabel={t('strategies.save')}>
      <Settings form={form} />
    </GuardedForm>
  )
}

type Form = Pick<ReturnType<typeof useContractForm<RuleForm, unknown>>, 'register' | 'watch' | 'errorOf'>

/** What a rule says; of the kinds that are always raised only how they go on. */
function Settings({ form }: { form: Form }): ReactNode {
  const { t } = useTranslation()
  const webhooks = trpc.deck.webhooks.list.useQuery({})
  const kind = form.watch('kind')
  const unit = THRESHOLDS[kind]
  const minutes = (name: 'dedupe_minutes' | 'repeat_minutes' | 'escalate_minutes') => (
    <TextField
      label={t(`alertRules.${name}`)}
      type="number"
      inputMode="numeric"
      min={1}
      hint={t(`alertRules.${name}_hint`)}
      error={form.errorOf(name)}
      suffix={<span className="pr-2">min</span>}
      {...form.register(name)}
    />
  )
  return (
    <>
      {isFixed(kind) ? (
        <p className="rounded-lg bg-info-soft px-3 py-2 text-sm text-info-ink">{t('alertRules.fixed')}</p>
      ) : (
        <>
          <Checkbox
            label={t('alertRules.enabled')}
            hint={t('alertRules.enabledHint')}
            {...form.register('enabled')}
          />
          <SelectField
            label={t('field.severity')}
            error={form.errorOf('severity')}
            {...form.register('severity')}
          >
            <option value="">{t('alertRules.ownSeverity')}</option>
            {ALERT_SEVERITIES.map((severity) => (
              <option key={severity} value={severity}>
                {t(`severity.${severity}`)}
              </option>
            ))}
          </SelectField>
          {unit !== undefined && (
            <TextField
              label={t('alertRules.threshold')}
              inputMode="decimal"
              hint={t('alertRules.thresholdHint')}
              error={form.errorOf('threshold')}
              suffix={<span className="pr-2">{t(`alertRules.unit.${unit}`)}</span>}
              {...form.register('threshold')}
            />
          )}
          {minutes('dedupe_minutes')}
        </>
      )}
      {minutes('repeat_minutes')}
      {minutes('escalate_minutes')}
      <SelectField label={t('alertRules.escalateTo')} {...form.register('escalate_webhook_id')}>
        <option value="">{t('alertRules.everyWebhook')}</option>
        {webhooks.data?.data.map(({ webhook_id: id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
    </>
  )
}
