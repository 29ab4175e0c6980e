import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'quantdeck-docs-'))
  mkdirSync(join(root, 'docs'))
  mkdirSync(join(root, 'apps/cli/src'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{"type": "module", "scripts": {"build": "x", "quantdeck": "x"}}')
  writeFileSync(join(root, 'docs/a.md'), '# a\n')
  writeFileSync(
    join(root, 'apps/cli/src/commands.ts'),
    "export const COMMANDS = [{ name: 'status' }, { name: 'import bars' }]\n",
  )
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function check(readme: string) {
  writeFileSync(join(root, 'README.md'), readme)
  return spawnSync(process.execPath, [join(import.meta.dirname, 'check-docs.mjs'), root], {
    encoding: 'utf8',
  })
}

describe('check-docs.mjs', () => {
  it('accepts links, paths and commands that exist', () => {
    const readme =
      '[a](docs/a.md#x) [web](https://example.org) `docs/a.md` `apps/*/src`\n\n```\nnpm start\nnpm run build\nquantdeck import bars FILE\nnpm run build && npm run quantdeck -- status\n```\n'
    expect(check(readme)).toMatchObject({ status: 0, stderr: '' })
  })

  it.each([
    ['a dead link', '[b](docs/b.md)', 'README.md: the link docs/b.md leads nowhere'],
    ['a dead path', 'see `docs/b.md`', 'README.md: the path docs/b.md does not exist'],
    ['an unknown script', '```\nnpm run buidl\n```', 'README.md: there is no npm script buidl'],
    ['an unknown pnpm script', '`pnpm verfy`', 'README.md: there is no npm script verfy'],
    [
      'an unknown command',
      '```\nquantdeck improt bars x\n```',
      'README.md: there is no command quantdeck improt bars',
    ],
  ])('refuses %s', (_title, readme, problem) => {
    expect(check(readme)).toMatchObject({ status: 1, stderr: `${problem}\n` })
  })
})
