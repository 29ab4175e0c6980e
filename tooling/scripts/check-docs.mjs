// Documents that lie are worse than none: every relative link, every path in backticks and every command in a
// code block of a *.md file must exist in this tree.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { listFiles } from './files.mjs'

const NPM_BUILT_IN = new Set(['start', 'test', 'install', 'ci', 'run', 'exec', 'deploy', 'add'])
const OUR_FOLDERS = /^(packages|apps|tooling|docs|examples|\.ci)\//

export async function findDocProblems(root) {
  const scripts = readScripts(root)
  const commands = await readCliCommands(root)
  return listFiles(root, (path) => path.endsWith('.md')).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    const say = (problem) => `${file}: ${problem}`
    return [
      ...deadLinks(root, file, text),
      ...deadPaths(root, text),
      ...unknownScripts(text, scripts),
      ...unknownCommands(text, commands),
    ].map(say)
  })
}

function deadLinks(root, file, text) {
  return matches(withoutCode(text), /\]\(([^)\s]+)\)/g)
    .filter((target) => !/^[a-z]+:|^#/.test(target))
    .map((target) => decodeURIComponent(target.split('#')[0]))
    .filter(
      (target) =>
        !existsSync(target.startsWith('/') ? join(root, target) : join(root, dirname(file), target)),
    )
    .map((target) => `the link ${target} leads nowhere`)
}

function deadPaths(root, text) {
  return matches(text, /`([^`\s]+)`/g)
    .filter((path) => OUR_FOLDERS.test(path) && !/[*<>{}$…]|\.\.\.|\/dist\//.test(path))
    .map((path) => path.replace(/(:\d+)$|[.,;]$/, ''))
    .filter((path) => !existsSync(join(root, path)))
    .map((path) => `the path ${path} does not exist`)
}

function unknownScripts(text, scripts) {
  const run = matches(text, /\b(?:npm|pnpm) run ([a-z][\w:-]*)/g)
  const short = matches(text, /(?:^\s*|`|&& |\$ )(?:npm|pnpm) ([a-z][\w:-]*)/gm).filter(
    (name) => !NPM_BUILT_IN.has(name),
  )
  return [...run, ...short]
    .filter((name) => !scripts.has(name))
    .map((name) => `there is no npm script ${name}`)
}

function unknownCommands(text, commands) {
  if (commands === null) return []
  return matches(
    text,
    /(?:^\s*|`|&& |\$ )(?:npx |npm run )?quantdeck (?:-- )?([a-z]+(?:-[a-z]+)*(?: [a-z]+)?)/gm,
  )
    .filter((words) => !commands.some((name) => words === name || words.startsWith(`${name} `)))
    .map((words) => `there is no command quantdeck ${words}`)
}

function matches(text, pattern) {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1]))]
}

function withoutCode(text) {
  return text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '')
}

function readScripts(root) {
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return new Set(Object.keys(scripts))
}

async function readCliCommands(root) {
  const file = join(root, 'apps/cli/src/commands.ts')
  if (!existsSync(file)) return null
  const { COMMANDS } = await import(pathToFileURL(file).href)
  return COMMANDS.map((command) => command.name)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = await findDocProblems(process.argv[2] ?? join(fileURLToPath(import.meta.url), '../../..'))
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exit(1)
  console.log('documents: ok')
}
