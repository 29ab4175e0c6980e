import { assertNodeVersion } from './node-version.ts'

// First of all, and before anything is loaded that an older Node could not even parse.
const problem = assertNodeVersion(process.versions.node)
if (problem !== null) {
  console.error(problem)
  process.exit(1)
}
const [command, ...args] = process.argv.slice(2)
if (command === 'books-rebuild') {
  const { rebuildBooksCommand } = await import('./rebuild-books.ts')
  process.exitCode = await rebuildBooksCommand(args)
} else if (command === 'kill') {
  const { killCommand } = await import('./kill-command.ts')
  process.exitCode = await killCommand(args)
} else {
  const { run } = await import('./run.ts')
  process.exitCode = await run()
}
