// The boundaries that oxlint's rules cannot express: the system clock read by `new Date()`, the environment
// reached around `process.env`, zod as a named import, and what each workspace may name in its package.json.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listFiles } from './files.mjs'

const SERVER = /^(packages|apps\/(api|cli))\//
const CLOCK_FILES = /(^|\/)main\.tsx?$|^packages\/domain\/src\/time\.ts$/
const ENV_FILES = /(^|\/)(main|env)\.ts$/
const LINE_RULES = [
  {
    pattern: /\bnew Date\(\s*\)|\bnew Date(?![\w(])|\bTemporal\.Now\b/,
    within: SERVER,
    allowed: CLOCK_FILES,
    message: 'reads the system clock: take a Clock and call clock.now(); only main.ts and domain/time.ts may',
  },
  {
    pattern: /\bfrom '(node:)?process'|\bimport\.meta\.env\b|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/,
    within: SERVER,
    allowed: ENV_FILES,
    message: 'reads the environment: add the variable to env.ts and take it from the parsed Env',
  },
  {
    pattern: /\bimport\s*\{[^}]*\bz\b[^}]*\}\s*from 'zod'/,
    within: /^(packages\/contracts|apps\/web)\//,
    allowed: /^$/,
    message:
      "write import * as z from 'zod': the named import puts 91 kB instead of 24 kB into the dashboard",
  },
]

/** Workspace packages (and for the pure ones everything) that each package.json may name. */
const DEPENDENCIES = {
  'packages/domain': { workspace: [], exactly: ['decimal.js'] },
  'packages/risk': { workspace: ['@quantdeck/domain'], exactly: ['@quantdeck/domain'] },
  'packages/backtest': {
    workspace: ['@quantdeck/domain', '@quantdeck/risk'],
    exactly: ['@quantdeck/domain', '@quantdeck/risk'],
  },
  'packages/contracts': { workspace: [], exactly: ['zod'] },
  'packages/db': { workspace: ['@quantdeck/domain'] },
  'apps/cli': { workspace: ['@quantdeck/contracts'] },
  'apps/web': { workspace: ['@quantdeck/contracts'] },
}

export function findBoundaryProblems(root) {
  return [...sourceProblems(root), ...dependencyProblems(root)]
}

function sourceProblems(root) {
  const isSource = (path) =>
    /^(packages|apps)\/[^/]+\/src\/.*\.tsx?$/.test(path) && !/\.test(-d)?\.tsx?$/.test(path)
  return listFiles(root, isSource).flatMap((path) => {
    const rules = LINE_RULES.filter((rule) => rule.within.test(path) && !rule.allowed.test(path))
    return codeLines(readFileSync(join(root, path), 'utf8')).flatMap((line, index) =>
      rules.filter((rule) => rule.pattern.test(line)).map((rule) => `${path}:${index + 1} ${rule.message}`),
    )
  })
}

/** The lines with comments blanked, so that prose may name what code may not do. */
function codeLines(source) {
  return source
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .split('\n')
    .map((line) => line.replace(/(^|\s)\/\/.*$/, ''))
}

function dependencyProblems(root) {
  return Object.entries(DEPENDENCIES).flatMap(([folder, allowed]) => {
    const file = join(root, folder, 'package.json')
    if (!existsSync(file)) return []
    const { dependencies = {} } = JSON.parse(readFileSync(file, 'utf8'))
    return Object.keys(dependencies)
      .filter((name) =>
        name.startsWith('@quantdeck/')
          ? !allowed.workspace.includes(name)
          : allowed.exactly !== undefined && !allowed.exactly.includes(name),
      )
      .map(
        (name) =>
          `${folder}/package.json may not depend on ${name}: see the dependency table in ARCHITECTURE.md`,
      )
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = findBoundaryProblems(process.argv[2] ?? join(fileURLToPath(import.meta.url), '../../..'))
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exit(1)
  console.log('boundaries: ok')
}
