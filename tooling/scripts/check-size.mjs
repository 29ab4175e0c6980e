// Fails the build when what a visit begins with grows over its budget.
import { join } from 'node:path'
import { FIRST_ROUTES, kilobytesOf, measureRoute } from './first-route.mjs'

const dist = join(import.meta.dirname, '..', '..', 'apps', 'web', 'dist')
for (const { name, budgetKb, modules } of FIRST_ROUTES) {
  const total = kilobytesOf(dist, modules)
  console.log(`${name}: ${total.toFixed(1)} kB of JavaScript after gzip (budget ${budgetKb} kB)`)
  if (total <= budgetKb) continue
  for (const { file, bytes } of measureRoute(dist, modules)) {
    console.error(`  ${(bytes / 1_000).toFixed(1)} kB  ${file}`)
  }
  process.exitCode = 1
}
