import { BellPlus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '../../components/back-link.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Severity } from '../../components/severity.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Confirm } from '../../components/ui/dialog.tsx'
import { DASH, formatDuration, formatMinute, formatQuantity } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'
import { Page } from '../../shell/page.tsx'
import type { AlertRule } from './rule-form.ts'

const RuleSheet = lazy(async () => ({ default: (await import('./rule-sheet.tsx')).RuleSheet }))

type Editing = { rule: AlertRule | null } | null

/** What becomes of alerts of a kind: raised or not, how loud, how often, and who hears of it next. */
export function AlertRulesPage() {
  const { t } = useTranslation()
  const [editing, setEditing] = useState<Editing>(null)
  const [leaving, setLeaving] = useState<AlertRule | null>(null)
  const rules = trpc.deck.alertRules.list.useQuery({}, { retry: false })
  const columns = useColumns({ onEdit: (rule) => setEditing({ rule }), onDelete: setLeaving })
  const start = (
    <Button variant="primary" onClick={() => setEditing({ rule: null })}>
      <BellPlus aria-hidden className="size-4" /> {t('alertRules.new')}
    </Button>
  )
  return (
    <Page
      title={t('alertRules.title')}
      description={<BackLink to="/alerts">{t('alerts.title')}</BackLink>}
      actions={start}
    >
      <Card>
        <DataBlock
          query={rules}
          isEmpty={({ data }) => data.length === 0}
          empty={{ title: t('alertRules.empty'), text: t('alertRules.emptyText'), action: start }}
        >
          {({ data }) => (
            <DataTable
              label={t('alertRules.title')}
              rows={data}
              rowKey={(row) => row.rule_id}
              columns={columns}
              name="alert-rules"
              onOpen={(rule) => setEditing({ rule })}
            />
          )}
        </DataBlock>
      </Card>
      <Suspense>{editing && <RuleSheet rule={editing.rule} onClose={() => setEditing(null)} />}</Suspense>
      {leaving && <Delete rule={leaving} onClose={() => setLeaving(null)} />}
    </Page>
  )
}

function Delete({ rule, onClose }: { rule: AlertRule; onClose: () => void }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const action = useAction(t('alertRules.deleted'), () => utils.deck.alertRules.invalidate())
  const remove = trpc.deck.alertRules.remove.useMutation({ ...action, onSettled: onClose })
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('alertRules.deleteTitle', { kind: t(`alertKind.${rule.kind}`) })}
      description={t('alertRules.deleteText')}
      confirmLabel={t('alertRules.delete')}
      danger
      pending={remove.isPending}
      onConfirm={() => remove.mutate({ rule_id: rule.rule_id })}
    />
  )
}

interface RowActions {
  onEdit: (rule: AlertRule) => void
  onDelete: (rule: AlertRule) => void
}

function useColumns({ onEdit, onDelete }: RowActions): Column<AlertRule>[] {
  const { t } = useTranslation()
  const every = (id: 'dedupe_minutes' | 'repeat_minutes' | 'escalate_minutes'): Column<AlertRule> => ({
    id,
    header: t(`alertRules.${id}`),
    align: 'right',
    sortValue: (row) => row[id],
    cell: (row) => (row[id] === null ? DASH : formatDuration(row[id] * 60)),
  })
  return [
    {
      id: 'kind',
      header: t('alertRules.kind'),
      sortValue: (row) => t(`alertKind.${row.kind}`),
      cell: (row) => <span className="font-medium">{t(`alertKind.${row.kind}`)}</span>,
    },
    {
      id: 'strategy',
      header: t('field.strategy'),
      sortValue: (row) => row.strategy_id,
      cell: (row) =>
        row.strategy_id === null ? (
          <span className="text-muted">{t('alertRules.others')}</span>
        ) : (
          <StrategyLink id={row.strategy_id} />
        ),
    },
    {
      id: 'enabled',
      header: t('field.status'),
      cell: (row) => (
        <Badge tone={row.enabled ? 'ok' : 'neutral'}>
          {row.enabled ? t('alertRules.raised') : t('alertRules.notRaised')}
        </Badge>
      ),
    },
    {
      id: 'severity',
      header: t('field.severity'),
      cell: (row) =>
        row.severity === null ? (
          <span className="text-muted">{t('alertRules.ownSeverity')}</span>
        ) : (
          <Severity severity={row.severity} />
        ),
    },
    {
      id: 'threshold',
      header: t('alertRules.threshold'),
      align: 'right',
      cell: (row) => <Threshold rule={row} />,
    },
    every('dedupe_minutes'),
    every('repeat_minutes'),
    every('escalate_minutes'),
    {
      id: 'updated',
      header: t('field.updated'),
      align: 'right',
      sortValue: (row) => row.updated_at,
      cell: (row) => (
        <>
          {formatMinute(row.updated_at)}
          <span className="block text-xs text-muted">{row.updated_by}</span>
        </>
      ),
    },
    {
      id: 'actions',
      header: t('table.actions'),
      wide: true,
      cell: (row) => (
        <span className="flex gap-2">
          <Button size="sm" onClick={() => onEdit(row)}>
            {t('alertRules.edit')}
          </Button>
          <Button size="sm" onClick={() => onDelete(row)}>
            {t('alertRules.delete')}
          </Button>
        </span>
      ),
    },
  ]
}

const UNITS = ['percent', 'minutes', 'failures'] as const

function Threshold({ rule }: { rule: AlertRule }) {
  const { t } = useTranslation()
  const unit = UNITS.find((name) => name === rule.threshold_unit)
  if (unit === undefined) return DASH
  if (rule.threshold === null) return <span className="text-muted">{t('alertRules.byLimits')}</span>
  return `${formatQuantity(rule.threshold)} ${t(`alertRules.unit.${unit}`)}`
}
