import { readLines } from './read-lines.ts'
import { ChainError, type ChainReport, ChainVerifier, type TrustedHead } from './verify-chain.ts'

/**
 * Checks a whole export.
 * @param chunks the file's bytes, in pieces of any size
 * @throws ChainError with the first line that does not hold
 */
export async function verifyExport(
  chunks: AsyncIterable<Uint8Array>,
  trusted: TrustedHead | null,
): Promise<ChainReport> {
  const verifier = new ChainVerifier(trusted)
  let line = 0
  try {
    for await (const { text, isEnded } of readLines(chunks)) {
      line += 1
      if (!isEnded) throw new ChainError(line, 'is not ended: the file was cut off or changed')
      verifier.read(text)
    }
  } catch (error) {
    const isText = !(error instanceof TypeError || error instanceof RangeError)
    if (isText) throw error
    throw new ChainError(line + 1, 'is no text of an export: it was changed')
  }
  return verifier.finish()
}
