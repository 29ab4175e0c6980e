/** Where a visit begins, and how many kilobytes of JavaScript (1,000 bytes, after gzip) it may need at once. */
export const FIRST_ROUTES: readonly { name: string; budgetKb: number; modules: readonly string[] }[]
/** Bytes after gzip of each JavaScript file that the modules need at once, largest first. */
export function measureRoute(dist: string, modules: readonly string[]): { file: string; bytes: number }[]
export function kilobytesOf(dist: string, modules: readonly string[]): number
