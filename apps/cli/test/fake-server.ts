import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deck, type RequestOf } from '@quantdeck/contracts'

type PostedBars = RequestOf<typeof deck.marketData.postBars>

/** A server that answers in the contract's form and remembers what it was asked; for what a real one cannot be made to do. */
export class FakeServer {
  readonly posted: PostedBars[] = []
  readonly keys: (string | undefined)[] = []
  /** Answers of this path come first, once each. */
  readonly #scripted: { path: string; status: number; headers: Record<string, string>; body: unknown }[] = []
  #server: Server | null = null

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      void this.#answer(request).then(({ status, headers, body }) => {
        response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(JSON.stringify(body))
      })
    })
    this.#server = server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server?.close(resolve))
  }

  script(path: string, status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.#scripted.push({ path, status, headers, body })
  }

  async #answer(request: IncomingMessage) {
    const path = (request.url ?? '').split('?')[0] ?? ''
    this.keys.push(request.headers.authorization)
    const index = this.#scripted.findIndex((one) => one.path === path)
    const [scripted] = index < 0 ? [] : this.#scripted.splice(index, 1)
    if (scripted !== undefined) return scripted
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    return { status: 200, headers: {}, body: this.#bodyOf(path, text) }
  }

  #bodyOf(path: string, text: string): unknown {
    if (path === '/v1/instruments') return { data: [INSTRUMENT], meta: { total_count: 1 } }
    if (path !== '/v1/market-data/bars') return { error: { message: `no ${path} here` } }
    const input = deck.marketData.postBars.input.parse(JSON.parse(text))
    this.posted.push(input)
    const rejected = input.rejected ?? []
    const data = {
      import_id: 'import-1',
      symbol: input.symbol,
      interval_seconds: input.interval_seconds,
      rows_total: input.bars.length + rejected.length,
      rows_accepted: input.bars.length,
      rows_quarantined: rejected.length,
      rows_duplicate: 0,
      rows_released: 0,
      released_lines: [],
      dry_run: input.dry_run,
      quarantined: rejected.map(({ line, reason, detail }) => ({ index: null, line, reason, detail })),
    }
    return { message: 'ok', data }
  }
}

const INSTRUMENT = {
  symbol: 'X',
  contract_type: 'STOCK',
  currency: 'USD',
  tick_size: '0.01',
  lot_size: '1',
  min_quantity: '1',
  max_quantity: null,
  multiplier: '1',
  price_decimals: 2,
  quantity_decimals: 0,
  calendar: 'NYSE',
  bar_interval_seconds: 86_400,
  source: 'test',
  last_price: null,
  last_price_at: null,
}
