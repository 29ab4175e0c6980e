import type { AxeResults, RunOptions } from 'axe-core'

declare global {
  interface Window {
    /** Put there by the suite: axe-core's own source, evaluated in the page. */
    axe: { run: (context: Document, options: RunOptions) => Promise<AxeResults> }
  }
}
