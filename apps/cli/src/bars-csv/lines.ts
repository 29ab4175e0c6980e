import { parse } from 'csv-parse/sync'

/** A line of the file with its number, as an editor shows it. */
export interface Line {
  number: number
  text: string
}

const SEPARATORS = [',', ';', '\t', '|'] as const
export type Separator = (typeof SEPARATORS)[number]

/** A line with its cells; null when its quotes are broken. */
export interface Row extends Line {
  cells: string[] | null
}

/** The file's text as lines: without byte order mark, empty rows, comments, Excel's `sep=` and a title before the table. */
export function readLines(text: string): Line[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ number: index + 1, text: line }))
    .filter(({ text: line }) => !/^[\s,;|"]*$/.test(line) && !/^(#|sep=)/i.test(line))
  const table = lines.findIndex(({ text: line }) => /[,;|\t]/.test(line))
  return table < 0 ? lines : lines.slice(table)
}

/** The sign that separates the cells: the one that stands most often in the header outside quotes. */
export function inferSeparator(header: string): Separator {
  const bare = header.replaceAll(/"[^"]*"/g, '')
  const counts = SEPARATORS.map((separator) => bare.split(separator).length)
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ','
}

export function splitRows(lines: readonly Line[], separator: Separator): Row[] {
  return lines.map((line) => ({ ...line, cells: splitLine(line.text, separator) }))
}

/**
 * The cells of one line. A line is parsed by itself, since no cell of a price file spans lines and an unclosed quote
 * must not swallow the rows after it. Null when its quotes are broken.
 */
function splitLine(line: string, separator: Separator): string[] | null {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim())
  try {
    const records: string[][] = parse(line, { delimiter: separator, trim: true, relax_column_count: true })
    return records[0] ?? []
  } catch {
    return null
  }
}
