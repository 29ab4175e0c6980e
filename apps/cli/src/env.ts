/** The environment as the command line uses it; only this file reads it. */
export interface CliEnv {
  url: string
  apiKey: string | null
  dataDir: string
  /** Where the person stands: npm changes the directory before it runs a script. */
  directory: string
}

export function readEnv(source: NodeJS.ProcessEnv = process.env): CliEnv {
  const text = (name: string) => (source[name] === undefined || source[name] === '' ? null : source[name])
  return {
    url: text('QUANTDECK_URL') ?? `http://127.0.0.1:${text('PORT') ?? '8000'}`,
    apiKey: text('QUANTDECK_API_KEY'),
    dataDir: text('DATA_DIR') ?? '.data',
    directory: text('INIT_CWD') ?? process.cwd(),
  }
}
