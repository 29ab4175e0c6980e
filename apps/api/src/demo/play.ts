import { type BarTools, playClose, playOpen } from '../desk/bar-flow.ts'
import type { DeskContext } from '../desk/context.ts'
import type { TimelineEvent } from './timeline.ts'

/** One event of a timeline through the pipeline; the bar itself is stored with its close, once for both accounts. */
export async function playEvent(ctx: DeskContext, tools: BarTools, event: TimelineEvent): Promise<void> {
  const at: DeskContext = { ...ctx, at: event.at }
  if (event.kind === 'open') {
    playOpen(at, event.bar, tools)
    return
  }
  if (ctx.books.mode === 'PAPER') ctx.changes.bars.push(event.bar)
  await playClose(at, event.bar, tools)
}
