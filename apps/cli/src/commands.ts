/** What `quantdeck` can do. Data only: the help is made from it, and the documents are checked against it. */
export interface CommandInfo {
  name: string
  usage: string
  summary: string
}

export const COMMANDS = [
  { name: 'status', usage: 'status [--json]', summary: 'How the server, its market and its positions are' },
  {
    name: 'import bars',
    usage: 'import bars FILE --symbol X [options]',
    summary: 'Import a CSV file of prices',
  },
  { name: 'logins', usage: 'logins [--json]', summary: 'The logins that the first start made' },
  {
    name: 'contract-check',
    usage: 'contract-check URL [options]',
    summary: 'Check any server against both contract documents',
  },
  {
    name: 'demo clear',
    usage: 'demo clear',
    summary: 'Leave the demo: the next start uses an empty database',
  },
  {
    name: 'books rebuild',
    usage: 'books rebuild [--json]',
    summary: 'Derive the books again from the fills, with the server stopped, and show what differs',
  },
  {
    name: 'kill',
    usage: 'kill --reason TEXT [options]',
    summary: 'Stop trading, with or without a running server; --drill practises it on PAPER',
  },
  {
    name: 'audit head',
    usage: 'audit head [--json]',
    summary: "The head of the audit log's chain, to be kept",
  },
  {
    name: 'audit export',
    usage: 'audit export FILE [options]',
    summary: 'Write the audit log to a file, one entry a line',
  },
  {
    name: 'audit verify',
    usage: 'audit verify FILE [--head HASH:SEQ]',
    summary: 'Check an exported audit log, without a server',
  },
  { name: 'help', usage: 'help', summary: 'This page' },
] as const satisfies readonly CommandInfo[]

export type CommandName = (typeof COMMANDS)[number]['name']

export const IMPORT_OPTIONS: readonly (readonly [option: string, meaning: string])[] = [
  ['--symbol X', 'what the file holds; a new symbol becomes an instrument'],
  ['--interval 1d', 'of the bars: 5m, 1h, 1d, 1w ...; else read from the file'],
  [
    '--date-format F',
    'YYYY-MM-DD, DD/MM/YYYY, MM/DD/YYYY, unix, unix-ms or unix-us; else read from the file',
  ],
  ['--decimal S', 'point or comma; else read from the file'],
  ['--zone Z', 'zone of times without one, such as America/Bogota; else UTC'],
  ['--column NAME', 'the price column, where several could be meant'],
  ['--contract-type T', 'STOCK, INDEX, FX or CRYPTO, for a new symbol'],
  ['--currency C', 'quote currency of a new symbol; else USD, or the second of a pair'],
  ['--dry-run', 'judge every row and write nothing'],
]

export const CHECK_OPTIONS: readonly (readonly [option: string, meaning: string])[] = [
  ['--email E --password P', 'the login to use; else --token, else the first of DATA_DIR/logins.json'],
  ['--token T', 'an access token instead of a login'],
  ['--only F', 'v1, rl or stream, or one check or a group as the report names it: v1.orders'],
  ['--allow-writes', 'also what changes something: starts a run, uses the kill switch and releases it'],
  ['--fast', 'without what takes half a minute'],
]

export const KILL_OPTIONS: readonly (readonly [option: string, meaning: string])[] = [
  ['--scope S', 'global (unless given), strategy:ID or symbol:S'],
  ['--reason TEXT', 'why: it is in the audit log and in the alert'],
  ['--level L', 'halt (unless given): nothing leaves; reduce: exits may'],
  ['--on-activate A', 'working orders: cancel_all (unless given), cancel_entries, none or flatten'],
  ['--drill', 'stop PAPER strategies as in earnest, measure, and go on; the report is kept'],
  ['--drills', 'the reports of all drills'],
]

export const AUDIT_OPTIONS: readonly (readonly [option: string, meaning: string])[] = [
  ['--head HASH:SEQ', 'of verify: the head that was kept before; it proves every entry up to it'],
  ['--key KEY', 'of head and export: an API key with the scope admin; the one in DATA_DIR has it not'],
  ['--from D, --to D', 'of export: days or instants; a part of the log is no whole chain'],
  ['--actor, --action, --entity', 'of export: the same, by who did what to what'],
]

export const COMMON_OPTIONS: readonly (readonly [option: string, meaning: string])[] = [
  ['--url URL', 'the server; else QUANTDECK_URL, else http://127.0.0.1:PORT'],
  ['--key KEY', 'an API key; else QUANTDECK_API_KEY, else DATA_DIR/cli-key'],
  ['--json', 'print JSON'],
]
