import type { Sample } from './suite.ts'

/** Times work in this process: wall and CPU time, garbage of the rounds before collected first where possible. */
export async function timeHere(operations: number, work: () => unknown): Promise<Sample> {
  globalThis.gc?.()
  const cpu = process.cpuUsage()
  const started = performance.now()
  await work()
  const wallMs = performance.now() - started
  const { user, system } = process.cpuUsage(cpu)
  return { operations, wallMs, cpuMs: (user + system) / 1000 }
}
