import { overview } from './overview.ts'
import { risk } from './risk.ts'
import { signals } from './signals.ts'

/** What the frame of every page and the overview say besides: in their chunk. All other sentences come with other pages. */
export const overviewEn = { ...overview, ...risk, ...signals } as const
