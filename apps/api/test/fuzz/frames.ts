import { connect } from 'node:net'

/** After this long without a word the server has said what it had to say. */
const SILENCE_MS = 25
const PATIENCE_MS = 30_000
const END_OF_HEAD = Buffer.from('\r\n\r\n')
const MASK = Buffer.from([1, 2, 3, 4])

export interface Frame {
  opcode: number
  payload: Buffer
}

export interface Conversation {
  /** Of the handshake; 101 if it succeeded. */
  status: number
  /** Of a refusal. */
  text: string
  frames: Frame[]
}

/** A frame as a client sends it, or as a hostile one does: any opcode, any length, masked or not. */
export function frame(
  opcode: number,
  payload: Buffer,
  { isFinal = true, isMasked = true, says = payload.length } = {},
): Buffer {
  const head = Buffer.alloc(says < 126 ? 2 : 4)
  head[0] = (isFinal ? 0x80 : 0) | opcode
  head[1] = (isMasked ? 0x80 : 0) | Math.min(says, 126)
  if (says >= 126) head.writeUInt16BE(Math.min(says, 65_535), 2)
  if (!isMasked) return Buffer.concat([head, payload])
  const masked = Buffer.from(payload.map((byte, index) => byte ^ (MASK[index % 4] ?? 0)))
  return Buffer.concat([head, MASK, masked])
}

/** Sends a handshake and, if it succeeds, some bytes; answers everything that came back until there was silence. */
export function converse(port: number, handshake: string, bytes: readonly Buffer[]): Promise<Conversation> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let received: Buffer = Buffer.alloc(0)
    let isOpen = false
    let timer = setTimeout(() => end(new Error(`no answer in ${PATIENCE_MS} ms`)), PATIENCE_MS)
    const end = (error?: Error) => {
      clearTimeout(timer)
      socket.destroy()
      if (error === undefined) resolve(read(received))
      else reject(error)
    }
    socket.on('connect', () => socket.write(handshake, 'latin1'))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (!isOpen && received.includes(END_OF_HEAD)) {
        isOpen = true
        for (const part of bytes) socket.write(part)
      }
      if (!isOpen) return
      clearTimeout(timer)
      timer = setTimeout(end, SILENCE_MS)
    })
    // What was refused may be cut off while it is still being sent.
    socket.on('error', () => (received.length > 0 ? end() : end(new Error('the connection broke'))))
    socket.on('close', () =>
      received.length > 0 ? end() : end(new Error('the server hung up without a word')),
    )
  })
}

function read(bytes: Buffer): Conversation {
  const end = bytes.indexOf(END_OF_HEAD)
  const status = Number(bytes.toString('latin1', 9, 12))
  const rest = end === -1 ? Buffer.alloc(0) : bytes.subarray(end + END_OF_HEAD.length)
  return {
    status,
    text: status === 101 ? '' : rest.toString('utf8'),
    frames: status === 101 ? readFrames(rest) : [],
  }
}

/** A server's frames are not masked, and ours are never as long as 64 KiB. */
function readFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = []
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = (bytes[at + 1] ?? 0) & 0x7f
    const isLong = short === 126
    if (isLong && at + 4 > bytes.length) break
    const length = isLong ? bytes.readUInt16BE(at + 2) : short
    const start = at + (isLong ? 4 : 2)
    if (start + length > bytes.length) break
    frames.push({ opcode: (bytes[at] ?? 0) & 0x0f, payload: bytes.subarray(start, start + length) })
    at = start + length
  }
  return frames
}
