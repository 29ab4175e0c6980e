import { pathToFileURL } from 'node:url'
import { createRequire, registerHooks } from 'node:module'

/**
 * The words of vitest that the tests of this package use, so that they can be run again and again in one process.
 * `expect` is vitest's own.
 */
const real = pathToFileURL(
  createRequire(import.meta.url)
    .resolve('vitest')
    .replace(/index\.cjs$/, 'dist/index.js'),
)
export const { expect } = await import(real.href)

/** Every test that was collected: its full name, its file and its body. */
export const tests = []
const names = []
let file = ''
let isSkipped = false

/** Imports a test file; what it declares is in `tests` from then on. */
export async function collect(path) {
  file = path
  await import(pathToFileURL(path).href)
}

function scope(name, skip, body) {
  const before = isSkipped
  isSkipped ||= skip
  names.push(name)
  body()
  names.pop()
  isSkipped = before
}

function test(name, skip, run) {
  if (isSkipped || skip) return
  tests.push({ id: `${file} ${[...names, name].join(' > ')} #${tests.length}`, run })
}

/** `describe` or `it`, with `.each` and `.skipIf`. */
function word(declare, skip = false) {
  const bodyOf = (args) => args.find((arg) => typeof arg === 'function')
  const each =
    (table) =>
    (name, ...args) => {
      for (const row of table) declare(name, skip, () => bodyOf(args)(...(Array.isArray(row) ? row : [row])))
    }
  const plain = (name, ...args) => declare(name, skip, bodyOf(args))
  return Object.assign(plain, { each, skipIf: (condition) => word(declare, skip || Boolean(condition)) })
}

export const describe = word(scope)
export const it = word(test)

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vitest' ? { url: import.meta.url, shortCircuit: true } : next(specifier, context),
})
