import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  /** Of the first answer; 0 if the connection just ended, -1 if nothing came in time. */
  status: number
  headers: Map<string, string>
  body: string
}

/** A connection of our own, without a client library that would know better. Errors end it like a close. */
export async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => socket.destroy())
  return socket
}

/** Sends bytes as they are and reads the first answer. */
export async function sendBytes(port: number, bytes: string | Buffer, waitMs = 10_000): Promise<RawAnswer> {
  const socket = await open(port)
  let text = ''
  let isOver = false
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, waitMs)
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (isWhole(text)) done()
    })
    socket.on('close', () => {
      isOver = true
      done()
    })
    socket.write(bytes, 'latin1')
  })
  socket.destroy()
  return parse(text, isOver)
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return false
  const length = /^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1]
  return length === undefined || text.length >= end + 4 + Number(length)
}

function parse(text: string, isOver: boolean): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const headers = lines.map((header): [string, string] => {
    const [name = '', ...value] = header.split(':')
    return [name.toLowerCase(), value.join(':').trim()]
  })
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1] ?? (isOver ? 0 : -1))
  return { status, headers: new Map(headers), body: rest.join('\r\n\r\n') }
}
