import { type Decimal, formatFixed, type Instrument } from '@quantdeck/domain'

/** A price as the instrument says, at least two places. */
export function formatPrice(price: Decimal, instrument: Pick<Instrument, 'priceDecimals'>): string {
  return formatFixed(price, Math.max(2, instrument.priceDecimals))
}

/** A quantity as the instrument says, at least two places. */
export function formatQuantity(quantity: Decimal, instrument: Pick<Instrument, 'quantityDecimals'>): string {
  return formatFixed(quantity, Math.max(2, instrument.quantityDecimals))
}

/** Metrics for the wire: what is undefined shows as zero and is named. */
export class MetricFields {
  readonly undefinedMetrics: string[] = []

  /** A metric as text with two places. */
  text(name: string, value: number | null, format: (value: number) => string): string {
    return format(this.number(name, value))
  }

  number(name: string, value: number | null): number {
    if (value !== null) return value
    this.undefinedMetrics.push(name)
    return 0
  }
}
