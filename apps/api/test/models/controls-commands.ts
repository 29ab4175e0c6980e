import { ReferenceControls, type ReferenceLimits } from '@quantdeck/risk/testing'
import * as fc from 'fast-check'
import {
  ACCOUNT_CENTS,
  ALLOCATION_CENTS,
  type ControlsWorld,
  LOSS_STREAK,
  QUANTITY,
  TRADES_PER_DAY,
} from './controls-world.ts'

const MINUTE = 60_000
const LIMITS: ReferenceLimits = {
  drawdownPercent: 15,
  dailyLossPercent: 5,
  tradesPerDay: TRADES_PER_DAY,
  lossStreak: LOSS_STREAK,
  cooldownMs: 30 * MINUTE,
  throttle: null,
  collarBreaches: 3,
  collarWindowMs: MINUTE,
  cleanPasses: 2,
}

/** What the books must be, in cents, and what the controls of both scopes make of it. */
export class ControlsModel {
  readonly own = new ReferenceControls(LIMITS, ALLOCATION_CENTS)
  readonly account = new ReferenceControls(LIMITS, ACCOUNT_CENTS)
  isHalted = false
  /** Entry price of the open position, in cents; null: flat. */
  entry: number | null = null
  price = 10_000
  realized = 0
  orders = 0

  get #result(): number {
    return this.realized + (this.entry === null ? 0 : (this.price - this.entry) * QUANTITY)
  }

  get ownEquity(): number {
    return ALLOCATION_CENTS + this.#result
  }

  get accountEquity(): number {
    return ACCOUNT_CENTS + this.#result
  }

  dayRolled(at: number): void {
    this.own.dayRolled(at, this.ownEquity)
    this.account.dayRolled(at, this.accountEquity)
  }

  /** Only what is held makes a price matter. */
  priced(at: number, cents: number): void {
    this.price = cents
    if (this.entry !== null) this.#marked(at)
  }

  #marked(at: number): void {
    this.own.marked(at, this.ownEquity)
    this.account.marked(at, this.accountEquity)
  }

  entered(at: number): void {
    this.entry = this.price
    this.orders += 1
    for (const scope of [this.own, this.account]) scope.entryFilled(at, String(this.orders))
    this.#marked(at)
  }

  exited(at: number): void {
    const result = (this.price - (this.entry ?? 0)) * QUANTITY
    this.realized += result
    this.entry = null
    for (const scope of [this.own, this.account]) scope.tradeClosed(at, result)
    this.#marked(at)
  }

  /** What an entry would be refused for, by either scope. */
  refusals(now: number): string[] {
    const blocks = [...this.own.blocks(now), ...this.account.blocks(now)]
    return [...new Set([...blocks, ...this.#halt()])].filter((code) => !this.#isHidden(code)).sort()
  }

  /** The strategy's own row of R01 names the worse of its switch and its latch; the account's is another row. */
  #isHidden(code: string): boolean {
    return code === 'TRADING_STATE_REDUCING' && this.isHalted && !this.account.isLatched
  }

  #halt(): string[] {
    return this.isHalted ? ['TRADING_HALTED'] : []
  }
}

type Command = fc.AsyncCommand<ControlsModel, ControlsWorld>

/** After every command what the product shows and what it would refuse has to be what the model says. */
async function compare(model: ControlsModel, world: ControlsWorld): Promise<void> {
  const now = world.clock.nowMs()
  const { losses, until } = model.own.streak(now)
  const status = await world.status()
  same('status', [
    [status.kill_switch_active, model.isHalted || model.own.isLatched],
    [status.trades_today, model.own.tradesToday],
    [status.consecutive_losses, losses],
    [status.cooldown_until === null ? null : Date.parse(status.cooldown_until), until],
    [status.daily_blocked, model.own.isOverDailyLoss || model.own.tradesToday >= TRADES_PER_DAY],
  ])
  if (model.entry === null) same('an entry', [[await world.refusals('BUY'), model.refusals(now)]])
  else same('an exit', [[await world.refusals('SELL'), model.isHalted ? ['TRADING_HALTED'] : []]])
}

function same(what: string, pairs: readonly (readonly [unknown, unknown])[]): void {
  const [is, should] = [0, 1].map((side) => JSON.stringify(pairs.map((pair) => pair[side])))
  if (is !== should) throw new Error(`${what}: the product says ${is}, the model ${should}`)
}

function command(
  name: string,
  isPossible: (model: Readonly<ControlsModel>, world?: ControlsWorld) => boolean,
  act: (model: ControlsModel, world: ControlsWorld) => Promise<void>,
): Command {
  return {
    check: isPossible,
    run: async (model, world) => {
      await act(model, world)
      await compare(model, world)
    },
    toString: () => name,
  }
}

/** Time goes by; in the evening nothing more happens that day. */
async function pass(
  model: ControlsModel,
  world: ControlsWorld,
  minutes: number,
  cents: number,
): Promise<void> {
  if (!world.isEvening) world.clock.advanceBy(minutes * MINUTE)
  await world.price(cents / 100)
  model.priced(world.clock.nowMs(), cents)
}

/** Every order is a minute after the one before it: rates are another machine. */
const enter = fc.constant(
  command(
    'enter',
    ({ entry }) => entry === null,
    async (model, world) => {
      await pass(model, world, 1, 10_000)
      const expected = model.refusals(world.clock.nowMs())
      const { status, text } = await world.order('BUY')
      if (status !== (expected.length === 0 ? 201 : 422))
        throw new Error(`enter: ${status} ${text}, ${expected.join()}`)
      if (expected.length === 0) model.entered(world.clock.nowMs())
    },
  ),
)

const exitAt = (...prices: number[]) =>
  fc.constantFrom(...prices).map((cents) =>
    command(
      `exit at ${cents / 100}`,
      ({ entry }) => entry !== null,
      async (model, world) => {
        await pass(model, world, 1, cents)
        const { status, text } = await world.order('SELL')
        if (status !== (model.isHalted ? 422 : 201)) throw new Error(`exit: ${status} ${text}`)
        if (!model.isHalted) model.exited(world.clock.nowMs())
      },
    ),
  )
const exit = exitAt(10_000, 9_990, 10_010, 6_000, 2_500)

const wait = fc.constantFrom(5, 29, 30, 60).map((minutes) =>
  command(
    `wait ${minutes}`,
    () => true,
    (model, world) => pass(model, world, minutes, model.price),
  ),
)

const nextDay = fc.constant(
  command(
    'next day',
    () => true,
    async (model, world) => {
      await world.nextDay()
      model.dayRolled(world.clock.nowMs())
      await world.price(model.price / 100)
      model.priced(world.clock.nowMs(), model.price)
    },
  ),
)

const halt = fc.constant(
  command(
    'halt',
    ({ isHalted }) => !isHalted,
    async (model, world) => {
      await world.switch('activate')
      model.isHalted = true
    },
  ),
)

const release = fc.constant(
  command(
    'release',
    ({ isHalted, own }) => isHalted || own.isLatched,
    async (model, world) => {
      await world.switch('deactivate')
      model.isHalted = false
      if (model.own.isLatched) model.own.released(world.clock.nowMs(), model.ownEquity)
    },
  ),
)

/** A way in and out again: two losses in a row, or a fourth trade of a day, would hardly come about one by one. */
const losing = fc.tuple(enter, exitAt(9_990))
const trip = fc.tuple(enter, exit)
const alone = fc.oneof(enter, exit, wait, wait, nextDay, halt, release, release)

/** The commands of a history, in turn; those that are not possible when they come are left out. */
export const commands = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: losing },
      { weight: 2, arbitrary: trip },
      { weight: 5, arbitrary: fc.tuple(alone) },
    ),
    { minLength: 1, maxLength: 10, size: 'max' },
  )
  .map((moves): Command[] => moves.flat())
