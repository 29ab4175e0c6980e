export * from './indicators/index.ts'
export * from './strategies/index.ts'
export * from './engine/index.ts'
export * from './report/index.ts'
