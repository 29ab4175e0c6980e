/** Longer than any entry: a file without line ends must not fill the memory. */
const MAX_LINE = 8 * 1024 * 1024

export interface FileLine {
  text: string
  /** False for a last line that nothing ends: the file was cut off. */
  isEnded: boolean
}

/**
 * The lines of a text, byte for byte: strict UTF-8, and only a line feed ends one.
 * @throws TypeError for bytes that are no UTF-8, RangeError for an endless line
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FileLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk])
    let start = 0
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10, start)) {
      yield { text: decoder.decode(rest.subarray(start, end)), isEnded: true }
      start = end + 1
    }
    rest = rest.subarray(start)
    if (rest.length > MAX_LINE) throw new RangeError('a line is too long')
  }
  if (rest.length > 0) yield { text: decoder.decode(rest), isEnded: false }
}
