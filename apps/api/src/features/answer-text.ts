import { AppError } from '@quantdeck/domain'
import type { ResponseState } from '../trpc/context.ts'

/** Text that travels as one JSON string stays in memory; over REST an export has no limit. */
const MAX_TEXT = 32 * 1024 * 1024

/**
 * A file made of pieces: over REST each leaves as it is made, over tRPC they are one string.
 * @throws AppError VALIDATION_ERROR when that string would be too long
 */
export async function answerText(
  response: ResponseState,
  pieces: AsyncIterable<string>,
  file: { name: string; path: string },
): Promise<string> {
  if (!response.canStream) return collect(pieces, file.path)
  response.headers['content-disposition'] = `attachment; filename="${file.name}"`
  response.stream = pieces
  return ''
}

async function collect(pieces: AsyncIterable<string>, path: string): Promise<string> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length > MAX_TEXT) {
      throw new AppError('VALIDATION_ERROR', `Too much for one answer: use GET ${path}, which streams`)
    }
  }
  return text
}
