import { performance } from 'node:perf_hooks'

/** Prints what a start does and how long each step took, so that a slow one is seen. */
export class Phases {
  readonly #startedAt = performance.now()
  readonly #print: (line: string) => void

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now()
    const result = await work()
    this.#print(`  ${name.padEnd(28)} ${seconds(performance.now() - startedAt)}`)
    return result
  }

  total(): string {
    return seconds(performance.now() - this.#startedAt)
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
