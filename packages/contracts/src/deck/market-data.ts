import { deckBars } from './bars.ts'
import { deckDataQuality } from './data-quality.ts'
import { deckInstruments } from './instruments.ts'
import { deckQuarantine } from './quarantine.ts'

/** Bars, quarantine and instruments. */
export const deckMarketData = { ...deckBars, ...deckQuarantine, ...deckDataQuality, ...deckInstruments }
