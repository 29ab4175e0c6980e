import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

interface Diagnostic {
  message: string
  code: string
  help?: string
  filename: string
}

const PLUGIN_FILES = ['tooling/lint/quantdeck-plugin.mjs', 'tooling/lint/guarded-writes.mjs']

/** A throw-away workspace with the repository's own lint configuration. */
export class Tree {
  readonly #root = mkdtempSync(join(tmpdir(), 'quantdeck-lint-'))
  #diagnostics: Diagnostic[] = []

  constructor() {
    for (const file of ['.oxlintrc.json', ...PLUGIN_FILES]) {
      mkdirSync(dirname(join(this.#root, file)), { recursive: true })
      copyFileSync(join(ROOT, file), join(this.#root, file))
    }
    this.write('tsconfig.json', '{"compilerOptions": {"strict": true, "module": "nodenext"}}')
  }

  write(file: string, text: string): void {
    const path = join(this.#root, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${text}\n`)
  }

  lint(...flags: string[]): number | null {
    const result = this.#run(join(ROOT, 'node_modules/oxlint/bin/oxlint'), ['-f', 'json', ...flags])
    this.#diagnostics = (JSON.parse(result.stdout) as { diagnostics: Diagnostic[] }).diagnostics
    return result.status
  }

  messagesOf(file: string): string[] {
    return this.#of(file).map((found) => `${found.message} ${found.help ?? ''}`)
  }

  codesOf(file: string): string[] {
    return this.#of(file).map((found) => found.code)
  }

  checkBoundaries() {
    return this.#run(join(ROOT, 'tooling/scripts/check-boundaries.mjs'), [this.#root])
  }

  remove(): void {
    rmSync(this.#root, { recursive: true })
  }

  #of(file: string): Diagnostic[] {
    return this.#diagnostics.filter((found) => found.filename.endsWith(file))
  }

  #run(script: string, args: string[]) {
    return spawnSync(process.execPath, [script, ...args], { cwd: this.#root, encoding: 'utf8' })
  }
}
