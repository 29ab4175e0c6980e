import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import {
  Activity,
  BellRing,
  CandlestickChart,
  Eye,
  FlaskConical,
  Footprints,
  Grid3x3,
  Keyboard,
  Languages,
  Link2,
  OctagonX,
  RefreshCw,
  SunMoon,
  Terminal,
  Volume2,
  type LucideIcon,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatDate } from '../lib/format.ts'
import { getPreferences, isDark, setPreferences } from '../lib/preferences.ts'
import { useUser } from '../lib/session.ts'
import { queryClient, trpc } from '../lib/trpc.ts'
import { curlOf } from './curl.ts'
import { PAGES } from './navigation.ts'
import { copyText } from '../lib/toast.ts'

interface PaletteProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  onShowKeys: () => void
  onKill: () => void
}

/** The latest ones; the page of runs has all. */
const RUNS_SHOWN = 12

const refresh = () => void queryClient.refetchQueries({ type: 'active' })

const GROUP =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted'

export function Palette({ open, onOpenChange, onShowKeys, onKill }: PaletteProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const strategies = trpc.v1.strategies.list.useQuery({}, { enabled: open })
  const runs = trpc.v1.runs.list.useQuery({ per_page: RUNS_SHOWN }, { enabled: open })
  const instruments = trpc.deck.marketData.listInstruments.useQuery({}, { enabled: open })
  const role = useUser()?.role
  const mayRule = role === 'risk' || role === 'admin'
  const run = (action: () => void) => () => {
    onOpenChange(false)
    action()
  }
  const curl = curlOf(window.location)
  const copyLink = () => void copyText(window.location.href, t('state.copied'))
  return (
    <Command.Dialog
      open={open}
      onOpenChange={onOpenChange}
      label={t('bar.palette')}
      overlayClassName="fixed inset-0 z-50 bg-black/45"
      contentClassName="fixed inset-x-4 top-[12vh] z-50 mx-auto max-w-lg animate-rise overflow-hidden rounded-xl border bg-surface shadow-2xl"
    >
      <Command.Input
        placeholder={t('palette.placeholder')}
        className="h-12 w-full border-b bg-transparent px-4 text-sm outline-none placeholder:text-muted"
      />
      <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
        <Command.Empty className="p-6 text-center text-sm text-muted">{t('palette.none')}</Command.Empty>
        <Command.Group heading={t('palette.pages')} className={GROUP}>
          {PAGES.map((page) => (
            <Item
              key={page.name}
              icon={page.icon}
              hint={`g ${page.key}`}
              text={t(`nav.${page.name}`)}
              onSelect={run(() => void navigate({ to: page.to }))}
            />
          ))}
          <Item
            icon={Grid3x3}
            text={t('sweeps.title')}
            onSelect={run(() => void navigate({ to: '/sweeps' }))}
          />
          <Item
            icon={Footprints}
            text={t('walkForward.title')}
            onSelect={run(() => void navigate({ to: '/walk-forwards' }))}
          />
          {mayRule && (
            <Item
              icon={BellRing}
              text={t('alertRules.title')}
              onSelect={run(() => void navigate({ to: '/alerts/rules' }))}
            />
          )}
        </Command.Group>
        <Command.Group heading={t('palette.strategies')} className={GROUP}>
          {strategies.data?.data.map((strategy) => (
            <Item
              key={strategy.strategy_id}
              icon={Activity}
              hint={strategy.strategy_id}
              text={strategy.name}
              onSelect={run(
                () =>
                  void navigate({
                    to: '/strategies/$strategyId',
                    params: { strategyId: strategy.strategy_id },
                  }),
              )}
            />
          ))}
        </Command.Group>
        <Command.Group heading={t('palette.runs')} className={GROUP}>
          {runs.data?.data.map(({ run_id: runId, strategy_id, start_date, end_date }) => (
            <Item
              key={runId}
              icon={FlaskConical}
              hint={runId.slice(0, 8)}
              text={`${strategy_id} · ${formatDate(start_date)} – ${formatDate(end_date)}`}
              onSelect={run(() => void navigate({ to: '/runs/$runId', params: { runId } }))}
            />
          ))}
        </Command.Group>
        <Command.Group heading={t('palette.symbols')} className={GROUP}>
          {instruments.data?.data.map(({ symbol, contract_type }) => (
            <Item
              key={symbol}
              icon={CandlestickChart}
              hint={contract_type}
              text={symbol}
              onSelect={run(() => void navigate({ to: '/positions', search: { symbol } }))}
            />
          ))}
        </Command.Group>
        <Command.Group heading={t('palette.actions')} className={GROUP}>
          <Item
            icon={FlaskConical}
            hint="n"
            text={t('palette.newRun')}
            onSelect={run(() => void navigate({ to: '/runs', search: { new: true } }))}
          />
          <Item
            icon={SunMoon}
            hint="t"
            text={t('palette.theme')}
            onSelect={run(() => setPreferences({ theme: isDark() ? 'light' : 'dark' }))}
          />
          <Item
            icon={Eye}
            hint="z"
            text={t('palette.amounts')}
            onSelect={run(() => setPreferences({ hideAmounts: !getPreferences().hideAmounts }))}
          />
          <Item
            icon={Languages}
            text={t('palette.language')}
            onSelect={run(() =>
              setPreferences({ language: getPreferences().language === 'en' ? 'es' : 'en' }),
            )}
          />
          <Item
            icon={Keyboard}
            text={t('palette.singleKeys')}
            onSelect={run(() => setPreferences({ singleKeys: !getPreferences().singleKeys }))}
          />
          <Item
            icon={Volume2}
            text={t('palette.sound')}
            onSelect={run(() => setPreferences({ sound: !getPreferences().sound }))}
          />
          <Item icon={RefreshCw} hint="r" text={t('keys.refresh')} onSelect={run(refresh)} />
          <Item icon={Keyboard} hint="?" text={t('bar.shortcuts')} onSelect={run(onShowKeys)} />
          <Item icon={OctagonX} hint="Shift K" text={t('keys.kill')} onSelect={run(onKill)} />
          <Item icon={Link2} text={t('palette.copyLink')} onSelect={run(copyLink)} />
          {curl !== null && (
            <Item
              icon={Terminal}
              text={t('palette.copyCurl')}
              onSelect={run(() => void copyText(curl, t('state.copied')))}
            />
          )}
        </Command.Group>
      </Command.List>
    </Command.Dialog>
  )
}

interface ItemProps {
  icon: LucideIcon
  text: string
  hint?: string
  onSelect: () => void
}

function Item({ icon: Icon, text, hint, onSelect }: ItemProps) {
  return (
    <Command.Item
      value={`${text} ${hint ?? ''}`}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-3 rounded-md px-2.5 text-sm data-[selected=true]:bg-raised"
    >
      <Icon aria-hidden className="size-4 text-muted" />
      <span className="flex-1 truncate">{text}</span>
      {hint !== undefined && <span className="text-xs text-muted">{hint}</span>}
    </Command.Item>
  )
}
