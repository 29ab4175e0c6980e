import { assertNodeVersion } from './node-version.ts'

// First of all, and before anything is loaded that an older Node could not even parse.
const problem = assertNodeVersion(process.versions.node)
if (problem !== null) {
  console.error(problem)
  process.exit(1)
}
const { run } = await import('./run.ts')
process.exitCode = await run()
