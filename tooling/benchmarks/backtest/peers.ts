import type { BarColumns } from '@quantdeck/backtest'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { MissingTool, type Sample } from '../suite.ts'
import { columnBytes } from './c-loop.ts'

const run = promisify(execFile)
const SCRIPT = join(import.meta.dirname, 'peers.py')
const INSTALL_MS = 600_000

/** The names that `peers.py` knows, and what pip calls them. */
const PACKAGES = {
  'backtesting.py': ['backtesting==0.6.5'],
  backtrader: ['backtrader==1.9.78.123', 'pandas'],
  vectorbt: ['vectorbt==0.28.5', 'pandas<3', 'plotly<6'],
} as const
export type Peer = keyof typeof PACKAGES

/** Other backtesters, each in a virtual environment of its own in a temporary folder. */
export class Peers {
  readonly #folder = mkdtempSync(join(tmpdir(), 'quantdeck-peers-'))
  readonly #installed = new Map<Peer, Promise<string>>()

  /** @throws MissingTool where Python or the package index is not to be had */
  #python(peer: Peer): Promise<string> {
    const known = this.#installed.get(peer)
    if (known !== undefined) return known
    const installing = this.#install(peer).catch((error: unknown) => {
      throw new MissingTool(`${peer} cannot be installed here: ${String(error).split('\n')[0]}`)
    })
    this.#installed.set(peer, installing)
    return installing
  }

  async #install(peer: Peer): Promise<string> {
    const folder = join(this.#folder, peer)
    await run('python3', ['-m', 'venv', folder])
    const python = join(folder, 'bin', 'python')
    await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES[peer]], { timeout: INSTALL_MS })
    return python
  }

  async run(peer: Peer, bars: BarColumns, passes: number): Promise<Sample> {
    const python = await this.#python(peer)
    const file = join(this.#folder, `${bars.t.length} bars`)
    writeFileSync(file, columnBytes(bars))
    const { stdout } = await run(python, [SCRIPT, file, peer, String(passes)])
    const answer = JSON.parse(stdout) as { bars: number; passes: number; wallMs: number; cpuMs: number }
    return { operations: answer.bars * answer.passes, wallMs: answer.wallMs, cpuMs: answer.cpuMs }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
