import { sql, type Kysely } from 'kysely'

/** Orders, fills, positions, equity. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const recent = '(submitted_at desc, seq desc)'
const behind = (columns: string) => `(${columns}, submitted_at desc, seq desc)`

const statements = [
  // No foreign key on symbol: an order refused because its instrument is unknown is stored as well.
  `create table orders (
    order_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    client_order_id text not null unique,
    mode text not null check (mode in ('PAPER', 'LIVE')),
    strategy_id text not null references strategies,
    symbol text not null,
    side text not null check (side in ('BUY', 'SELL')),
    quantity numeric not null,
    order_type text not null check (order_type in ('MARKET', 'LIMIT', 'STOP')),
    limit_price numeric,
    stop_price numeric,
    time_in_force text not null check (time_in_force in ('DAY', 'GTC', 'OPG')),
    status text not null check (status in ('PENDING', 'SUBMITTED', 'FILLED', 'CANCELLED', 'REJECTED')),
    filled_quantity numeric not null default 0 check (filled_quantity >= 0),
    average_fill_price numeric check (average_fill_price > 0),
    fees numeric not null default 0,
    origin text not null check (origin in ('signal', 'api', 'stop_loss', 'take_profit', 'kill_flatten')),
    is_entry boolean not null,
    reduce_only boolean not null default false,
    signal_id uuid,
    stop_loss numeric,
    take_profit numeric,
    rejected_by text check (rejected_by in ('risk', 'broker')),
    violations jsonb not null default '[]',
    broker_order_id text,
    in_doubt boolean not null default false,
    submitted_at timestamptz(3) not null,
    filled_at timestamptz(3),
    cancelled_at timestamptz(3),
    reason text,
    checks jsonb,
    check (status = 'REJECTED' or quantity > 0),
    check (status <> 'FILLED' or filled_quantity = quantity),
    check ((rejected_by is null) = (status <> 'REJECTED')),
    check ((filled_quantity > 0) = (average_fill_price is not null))
  )`,
  // performance.md P8: every combination of the contract's filters has an index that ends in the sort key.
  `create index orders_recent on orders ${recent}`,
  `create index orders_by_strategy on orders ${behind('strategy_id')}`,
  `create index orders_by_status on orders ${behind('status')}`,
  `create index orders_by_mode on orders ${behind('mode')}`,
  `create index orders_by_all on orders ${behind('strategy_id, status, mode')}`,
  `create index orders_working on orders (mode, strategy_id) where status in ('PENDING', 'SUBMITTED')`,
  `create index orders_by_signal on orders (signal_id) where signal_id is not null`,
  `create table fills (
    fill_id uuid primary key default gen_random_uuid(),
    seq bigint generated always as identity unique,
    order_id uuid not null references orders,
    broker_trade_id text not null unique,
    mode text not null check (mode in ('PAPER', 'LIVE')),
    strategy_id text not null references strategies,
    symbol text not null,
    side text not null check (side in ('BUY', 'SELL')),
    quantity numeric not null check (quantity > 0),
    price numeric not null check (price > 0),
    fee numeric not null,
    usd_rate numeric not null check (usd_rate > 0),
    filled_at timestamptz(3) not null
  )`,
  `create index fills_by_order on fills (order_id, seq)`,
  `create index fills_by_position on fills (mode, strategy_id, symbol, filled_at)`,
  `create table positions (
    position_id uuid primary key default gen_random_uuid(),
    seq integer generated always as identity unique,
    mode text not null check (mode in ('PAPER', 'LIVE')),
    strategy_id text not null references strategies,
    symbol text not null,
    quantity numeric not null,
    cost_basis numeric not null,
    realized_quote numeric not null,
    realized_usd numeric not null,
    fees_usd numeric not null,
    cost_usd numeric not null,
    peak_quantity numeric not null check (peak_quantity > 0),
    closed_quantity numeric not null default 0 check (closed_quantity >= 0),
    side text not null check (side in ('BUY', 'SELL')),
    entry_price numeric not null check (entry_price > 0),
    exit_price numeric check (exit_price > 0),
    stop_loss numeric,
    take_profit numeric,
    opened_at timestamptz(3) not null,
    closed_at timestamptz(3),
    check ((quantity = 0) = (closed_at is not null)),
    check (sign(quantity) = sign(cost_basis))
  )`,
  `create unique index positions_open on positions (mode, strategy_id, symbol) where closed_at is null`,
  `create index positions_open_recent on positions (opened_at desc, seq desc) where closed_at is null`,
  `create index positions_closed on positions (closed_at desc, seq desc) where closed_at is not null`,
  `create index positions_closed_by_strategy on positions (strategy_id, closed_at desc, seq desc)
    where closed_at is not null`,
  `create table equity_points (
    scope text not null check (scope ~ '^(account|strategy:.+):(PAPER|LIVE)$'),
    at timestamptz(3) not null,
    equity numeric not null,
    realized_pnl numeric not null,
    unrealized_pnl numeric not null,
    primary key (scope, at)
  )`,
]
