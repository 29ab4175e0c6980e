export * from './apply-fill.ts'
export * from './plan-signal.ts'
export * from './sizing.ts'
export * from './valuation.ts'
