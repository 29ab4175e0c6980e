const WIDTH = 30

/** A bar on the terminal while a file is sent; silent where nobody watches. */
export class Progress {
  readonly #total: number
  #done = 0

  constructor(total: number) {
    this.#total = total
  }

  add(rows: number): void {
    this.#done += rows
    const filled = Math.round((this.#done / this.#total) * WIDTH)
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
    this.#draw(`${bar} ${this.#done.toLocaleString('en')} of ${this.#total.toLocaleString('en')} rows`)
  }

  say(text: string): void {
    this.#draw(text)
  }

  end(): void {
    this.#draw('')
  }

  #draw(text: string): void {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`)
  }
}
