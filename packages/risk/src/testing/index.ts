export * from './reference-controls.ts'
