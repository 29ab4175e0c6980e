import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BarColumns } from '@quantdeck/backtest'
import { MissingTool } from '../suite.ts'

/** What the loop in C answers after so many passes. */
export interface LoopAnswer {
  bars: number
  passes: number
  wallMs: number
  cpuMs: number
  trades: number
  equity: string
  sharpe: number
}

/** Columns of doubles, one after the other: t, open, high, low, close. */
export function columnBytes({ t, open, high, low, close }: BarColumns): Buffer {
  const columns = [t, open, high, low, close]
  return Buffer.concat(
    columns.map((column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength)),
  )
}

/** The baseline, compiled here by gcc -O2, with its bars in a file. @throws MissingTool without gcc */
export class CLoop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'quantdeck-c-loop-'))

  constructor(bars: BarColumns) {
    try {
      const source = join(import.meta.dirname, 'loop.c')
      execFileSync('gcc', ['-O2', '-o', join(this.#folder, 'loop'), source, '-lm'])
    } catch (error) {
      this.close()
      throw new MissingTool('gcc is not here: the loop in C cannot be compiled', { cause: error })
    }
    writeFileSync(join(this.#folder, 'bars'), columnBytes(bars))
  }

  run(passes: number): LoopAnswer {
    const args = [join(this.#folder, 'bars'), String(passes)]
    return JSON.parse(execFileSync(join(this.#folder, 'loop'), args, { encoding: 'utf8' })) as LoopAnswer
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
