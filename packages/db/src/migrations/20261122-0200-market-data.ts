import { sql, type Kysely } from 'kysely'

/** Instruments, their last prices and bars, what was refused of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table instruments (
    symbol text primary key check (symbol <> ''),
    contract_type text not null check (contract_type in ('STOCK', 'INDEX', 'FX', 'CRYPTO')),
    currency text not null,
    tick_size numeric not null check (tick_size > 0),
    lot_size numeric not null check (lot_size > 0),
    min_quantity numeric not null check (min_quantity > 0),
    max_quantity numeric check (max_quantity > 0),
    multiplier numeric not null check (multiplier > 0),
    price_decimals integer not null check (price_decimals between 0 and 18),
    quantity_decimals integer not null check (quantity_decimals between 0 and 18),
    calendar text not null,
    bar_interval_seconds integer not null check (bar_interval_seconds > 0),
    source text not null
  )`,
  `create table marks (
    symbol text primary key references instruments,
    price numeric not null check (price > 0),
    at timestamptz(3) not null,
    source text not null
  )`,
  // No foreign key to instruments: it costs a look-up per row of an import; the import checks the symbol once.
  `create table bars (
    symbol text not null,
    interval_seconds integer not null check (interval_seconds > 0),
    opened_at timestamptz(3) not null,
    closed_at timestamptz(3) not null,
    open numeric not null,
    high numeric not null,
    low numeric not null,
    close numeric not null,
    volume numeric not null check (volume >= 0),
    source text not null,
    primary key (symbol, interval_seconds, opened_at),
    check (closed_at > opened_at),
    check (low > 0 and low <= least(open, close) and high >= greatest(open, close))
  )`,
  `create table bar_imports (
    import_id uuid primary key default gen_random_uuid(),
    symbol text not null,
    file_name text not null,
    rows_total integer not null check (rows_total >= 0),
    rows_accepted integer not null check (rows_accepted >= 0),
    rows_quarantined integer not null check (rows_quarantined >= 0),
    rows_duplicate integer not null check (rows_duplicate >= 0),
    created_by text,
    created_at timestamptz(3) not null
  )`,
  `create table bar_quarantine (
    quarantine_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    symbol text not null,
    interval_seconds integer check (interval_seconds > 0),
    opened_at timestamptz(3),
    line integer check (line > 0),
    raw jsonb not null,
    reason text not null,
    detail text not null default '',
    import_id uuid references bar_imports,
    status text not null default 'PENDING' check (status in ('PENDING', 'ACCEPTED', 'DROPPED')),
    created_at timestamptz(3) not null,
    resolved_at timestamptz(3),
    resolved_by text,
    check ((status = 'PENDING') = (resolved_at is null))
  )`,
  `create index bar_quarantine_recent on bar_quarantine (status, seq desc)`,
]
