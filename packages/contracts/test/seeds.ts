import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../../shared/seeds/', import.meta.url))

/** The published documents, where they lie beside the project; null elsewhere, with a printed reason. */
export function readDocuments(): { v1: string; rl: string } | null {
  if (!existsSync(folder)) {
    console.warn(`SKIPPED: comparison with the published documents, there is no ${folder}`)
    return null
  }
  const texts = readdirSync(folder).map((name) => readFileSync(folder + name, 'utf8'))
  const find = (title: string): string => {
    const text = texts.find((candidate) => candidate.includes(title))
    if (text === undefined) throw new Error(`no document titled ${title} in ${folder}`)
    return text
  }
  return { v1: find('# API Contracts - FastAPI Backend'), rl: find('# API Contracts - Compartido') }
}

/** The bodies of all fenced blocks of one language, in order. */
export function fencedBlocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp('```' + language + '\\n([\\s\\S]*?)```', 'g'))].map(
    (match) => match[1] ?? '',
  )
}

/** The JSON values of an example block: comments and elisions out, one value per `{...}` at the left margin. */
export function jsonValuesOf(block: string): unknown[] {
  const bare = block
    .replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\.\.\./g, (token) => (token.startsWith('"') ? token : ''))
    .replace(/,(\s*[}\]])/g, '$1')
  return bare.split(/\n(?=\{)/).flatMap((text) => (text.trim() === '' ? [] : [JSON.parse(text) as unknown]))
}
