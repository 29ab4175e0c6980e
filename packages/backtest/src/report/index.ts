export { escapeHtml } from './escape.ts'
export { renderReport, type ReportRun } from './render-report.ts'
