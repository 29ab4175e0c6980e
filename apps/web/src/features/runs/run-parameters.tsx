import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { trpc } from '../../lib/trpc.ts'
import { configPatch, type Config, withValue } from '../strategies/config-draft.ts'
import { ConfigField } from '../strategies/config-field.tsx'

interface RunParametersProps {
  strategyId: string
  /** What differs already. */
  value: Config
  onChange: (parameters: Config) => void
}

/** The strategy's configuration, to be varied for this run only. */
export function RunParameters({ strategyId, value: given, onChange }: RunParametersProps) {
  const { t } = useTranslation()
  const strategy = trpc.v1.strategies.get.useQuery({ strategy_id: strategyId })
  const [changed, setChanged] = useState<Config | null>(null)
  const config = strategy.data?.data.config
  if (config === undefined) return null
  const draft = changed ?? { ...config, ...knownTo(config, given) }
  const change = (path: readonly string[], value: Parameters<typeof withValue>[2]) => {
    const next = withValue(draft, path, value)
    setChanged(next)
    onChange(configPatch(config, next))
  }
  return (
    <fieldset className="space-y-3">
      <legend className="text-sm font-medium">{t('runs.parameters')}</legend>
      <p className="text-xs text-muted">{t('runs.parametersText')}</p>
      {Object.entries(draft).map(([key, value]) => (
        <ConfigField key={key} path={[key]} value={value} onChange={change} onBroken={() => undefined} />
      ))}
    </fieldset>
  )
}

/** A run keeps every parameter of its strategy's kind; the form has those of its configuration. */
function knownTo(config: Config, given: Config): Config {
  return Object.fromEntries(Object.entries(given).filter(([key]) => key in config))
}
