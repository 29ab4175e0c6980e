export * from './port.ts'
export * from './parameters.ts'
export * from './catalog.ts'
export { SignalReplay, type ReplaySignal } from './signals.ts'
