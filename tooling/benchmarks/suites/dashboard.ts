import { findChromium } from '../../browser/find-chromium.ts'
import { DIST, openDeck } from '../../browser/open-deck.ts'
import {
  measureChart,
  measureEmptyScroll,
  measureHeapGrowth,
  measureLargestPaint,
  measureRouteChange,
  measureTableScroll,
  scrollBareTable,
  scrollTable,
} from '../dashboard/measures.ts'
import { FIRST_ROUTES, kilobytesOf } from '../../scripts/first-route.mjs'
import { MissingTool, type Suite } from '../suite.ts'

/** Shorter to try the suite out; the goal speaks of five minutes. */
const STREAM_SECONDS = Number(process.env['BENCH_STREAM_SECONDS'] ?? 300)

export const suite: Suite = {
  title: "the dashboard's budgets: production build, real server with its demo, Chromium on the same machine",
  open: async () => {
    const chromium = findChromium(process.env)
    if (chromium === null) throw new MissingTool('no Chromium (set CHROMIUM_PATH)')
    const deck = await openDeck(chromium)
    return {
      comparisons: [
        {
          goal: 'P14',
          title: 'scrolling 10,000 rows, other ones with each frame',
          figure: 'wall',
          baseline: { name: 'the same rows as markup, no React', run: () => scrollBareTable(deck) },
          candidates: [
            { name: "the dashboard's table", bound: { atLeast: 0.8 }, run: () => scrollTable(deck) },
          ],
        },
      ],
      budgets: [
        ...FIRST_ROUTES.map(({ name, budgetKb, modules }) => ({
          ...{ goal: 'P14', title: `${name}, JavaScript at once after gzip`, unit: 'kB' },
          bound: { atMost: budgetKb },
          measure: () => kilobytesOf(DIST, modules),
        })),
        {
          ...{ goal: 'P14', title: 'largest paint of the overview, cache empty', unit: 'ms' },
          bound: { atMost: 1_500 },
          measure: () => measureLargestPaint(deck),
        },
        {
          ...{
            goal: 'P14',
            title: 'change of page, warm, slowest of nine',
            unit: 'ms',
            bound: { atMost: 150 },
          },
          measure: () => measureRouteChange(deck),
        },
        {
          ...{ goal: null, title: 'scrolling an empty page, for comparison', unit: 'frames/s' },
          measure: () => measureEmptyScroll(deck),
        },
        {
          ...{ goal: 'P14', title: 'scrolling 10,000 rows', unit: 'frames/s', bound: { atLeast: 50 } },
          measure: () => measureTableScroll(deck),
        },
        {
          ...{ goal: 'P14', title: 'chart, 5,000 points in both panes', unit: 'ms', bound: { atMost: 60 } },
          measure: () => measureChart(deck),
        },
        {
          ...{ goal: 'P14', title: `heap after ${STREAM_SECONDS} s with 20 signals/s`, unit: 'MB more' },
          bound: { atMost: 20 },
          measure: () => measureHeapGrowth(deck, STREAM_SECONDS),
        },
      ],
      notes: ['Medians of five; paints and frames as Chromium reports them, without a graphics card.'],
      close: deck.close,
    }
  },
}
