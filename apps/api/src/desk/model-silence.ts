import { calendarById, type Instrument, sessionMsBetween, type Strategy } from '@quantdeck/domain'
import type { ModelSilence } from '@quantdeck/risk'

/**
 * A07 for models: how long one that declares how often it acts (`inference_interval_seconds` in its configuration) has
 * been silent. Only time counts in which it could have acted: while a market of its universe is open, and since it is
 * configured as it is now. Null: it declares nothing.
 */
export function silenceOf(
  strategy: Strategy,
  lastInferenceAt: number | null,
  { instruments, at }: { instruments: ReadonlyMap<string, Instrument>; at: Date },
): ModelSilence | null {
  const intervalSeconds = strategy.config['inference_interval_seconds']
  if (typeof intervalSeconds !== 'number') return null
  const configuredAt = strategy.updatedAt.getTime()
  const since = new Date(Math.max(lastInferenceAt ?? configuredAt, configuredAt))
  const ages = strategy.universe.flatMap((symbol) => {
    const instrument = instruments.get(symbol)
    return instrument ? [sessionMsBetween(calendarById(instrument.calendar), since, at)] : []
  })
  const ageMs = ages.length === 0 ? at.getTime() - since.getTime() : Math.max(...ages)
  return { ageSeconds: Math.floor(ageMs / 1000), intervalSeconds }
}
