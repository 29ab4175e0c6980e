import { WebSocket } from 'ws'

import { eventually } from './seed.ts'

export interface StreamMessage {
  type: 'signal' | 'heartbeat' | 'market_status'
  timestamp: string
  data: Record<string, unknown>
  sequence: number
  gap?: boolean
}

/** A client of /ws/trading-signals that keeps what it hears and when. */
export class StreamClient {
  readonly socket: WebSocket
  readonly texts: string[] = []
  readonly messages: (StreamMessage & { heardAt: number })[] = []
  readonly closed: Promise<number>

  constructor(baseUrl: string, query = '', headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`${baseUrl.replace('http', 'ws')}/ws/trading-signals${query}`, { headers })
    this.socket.on('message', (data) => {
      const text = String(data)
      this.texts.push(text)
      if (text.startsWith('{'))
        this.messages.push({ ...(JSON.parse(text) as StreamMessage), heardAt: performance.now() })
    })
    this.socket.on('error', () => {})
    this.closed = new Promise((resolve) => this.socket.on('close', resolve))
  }

  /** The first message heard, now or later, that fits. */
  async hear(fits: (message: StreamMessage) => boolean, what: string) {
    return eventually(async () => this.messages.find(fits), what)
  }

  async hearType(type: StreamMessage['type']) {
    return this.hear((message) => message.type === type, `a ${type} message`)
  }

  close(): void {
    this.socket.close()
  }
}
