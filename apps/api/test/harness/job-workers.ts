import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const SCRIPT = join(import.meta.dirname, 'job-worker.ts')

/** A process that works on runs and does nothing else. */
export class JobWorker {
  readonly #process: ChildProcess
  #output = ''
  #onOutput = (): void => {}

  constructor(url: string, logLevel = 'error') {
    const args = ['--conditions=@quantdeck/source', SCRIPT, url, logLevel]
    this.#process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#process.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString('utf8')
      this.#onOutput()
    })
  }

  /** Until it has said something, whenever that was. */
  async said(text: string): Promise<void> {
    while (!this.#output.includes(text)) {
      await new Promise<void>((resolve) => (this.#onOutput = resolve))
    }
  }

  send(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.kill(signal)
  }
}

/** As many of them as wanted, whatever happens to some. */
export class JobWorkers {
  readonly #url: string
  readonly #count: number
  readonly #all = new Set<JobWorker>()
  /** Those that work, the oldest first: one that is still starting would be harmed for nothing. */
  readonly #ready: JobWorker[] = []
  readonly #paused: JobWorker[] = []
  kills = 0
  pauses = 0

  constructor(url: string, count: number) {
    this.#url = url
    this.#count = count
    this.#fill()
  }

  #fill(): void {
    while (this.#all.size - this.#paused.length < this.#count) {
      const worker = new JobWorker(this.#url)
      this.#all.add(worker)
      void worker.said('Worker ready').then(() => this.#ready.push(worker))
    }
  }

  /** One that works, and a new one in its place. @returns whether there was one */
  killOldest(): boolean {
    const worker = this.#ready.shift()
    if (worker === undefined) return false
    worker.send('SIGKILL')
    this.#all.delete(worker)
    this.kills += 1
    this.#fill()
    return true
  }

  /** One that works stands still, and a new one takes its place. @returns whether there was one */
  pauseOldest(): boolean {
    const worker = this.#ready.shift()
    if (worker === undefined) return false
    worker.send('SIGSTOP')
    this.#paused.push(worker)
    this.pauses += 1
    this.#fill()
    return true
  }

  /** The ones that stand still longest go on, until so many are left. */
  resumeBut(left: number): void {
    for (const worker of this.#paused.splice(0, Math.max(0, this.#paused.length - left))) {
      worker.send('SIGCONT')
      this.#ready.push(worker)
    }
  }

  endAll(): void {
    for (const worker of this.#all) worker.send('SIGKILL')
  }
}
