import type { Role } from '@quantdeck/domain'
import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

import type { Remote, Result } from './protocol.ts'

/** The server under test, and what the test may ask of its process. */
export class FuzzServer {
  readonly pid: number
  readonly remote: Remote
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (result: Result) => void>()
  #lastId = 0
  #printed = ''

  private constructor() {
    this.#child = fork(join(import.meta.dirname, 'server-main.ts'), {
      execArgv: ['--conditions=@quantdeck/source', ...(process.env['FUZZ_SERVER_ARGS']?.split(' ') ?? [])],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.pid = this.#child.pid ?? 0
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#printed += chunk.toString()))
    }
    this.#child.on('message', (result: Result) => this.#waiting.get(result.id)?.(result))
    this.#child.on('exit', () => {
      for (const [id, answer] of this.#waiting) answer({ id, error: `the server ended:\n${this.#printed}` })
    })
    const call = (name: keyof Remote) => (argument?: unknown) => this.#call(name, argument)
    this.remote = {
      begin: call('begin') as Remote['begin'],
      hints: call('hints') as Remote['hints'],
      enter: (role: Role) => this.#call('enter', role) as Promise<string>,
      refreshToken: call('refreshToken') as Remote['refreshToken'],
      digest: call('digest') as Remote['digest'],
      settle: call('settle') as Remote['settle'],
      release: call('release') as Remote['release'],
      advance: (ms: number) => this.#call('advance', ms) as Promise<void>,
      takeStall: call('takeStall') as Remote['takeStall'],
      takeErrors: call('takeErrors') as Remote['takeErrors'],
      end: call('end') as Remote['end'],
    }
  }

  static async start(): Promise<FuzzServer> {
    const server = new FuzzServer()
    await server.#answered(0)
    return server
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  async close(): Promise<void> {
    if (this.hasEnded) return
    await this.remote.end()
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.disconnect()
    await ended
  }

  async #call(name: keyof Remote, argument: unknown): Promise<unknown> {
    const id = ++this.#lastId
    const answered = this.#answered(id)
    this.#child.send({ id, name, argument })
    return answered
  }

  async #answered(id: number): Promise<unknown> {
    const { error, value } = await new Promise<Result>((resolve) => this.#waiting.set(id, resolve))
    this.#waiting.delete(id)
    if (error !== undefined) throw new Error(error)
    return value
  }
}
