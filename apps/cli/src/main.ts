#!/usr/bin/env node
// Only this file ends the process and reads the clock. It must start on any Node, to say which one it needs.
const [major = 0] = process.versions.node.split('.').map(Number)

if (major < 26) {
  console.error(
    `quantdeck needs Node 26 or newer, and this is ${process.versions.node}: run it with npm run quantdeck.`,
  )
  process.exit(1)
}

const { run } = await import('./run.ts')
process.exitCode = await run(process.argv.slice(2), { nowMs: Date.now() })
