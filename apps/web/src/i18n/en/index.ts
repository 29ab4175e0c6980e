import { alertRules } from './alert-rules.ts'
import { alerts } from './alerts.ts'
import { audit } from './audit.ts'
import { compare } from './compare.ts'
import { controls } from './controls.ts'
import { data } from './data.ts'
import { limits } from './limits.ts'
import { login } from './login.ts'
import { models } from './models.ts'
import { orders } from './orders.ts'
import { overview } from './overview.ts'
import { positions } from './positions.ts'
import { risk } from './risk.ts'
import { runResult } from './run-result.ts'
import { runs } from './runs.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'
import { signals } from './signals.ts'
import { states } from './states.ts'
import { strategies } from './strategies.ts'
import { sweeps } from './sweeps.ts'
import { walkForward } from './walk-forward.ts'
import { whatIf } from './what-if.ts'
import { words } from './words.ts'

/** Every sentence of the dashboard, a file for each page. Keys are typed; a language that misses one does not compile. */
export const en = {
  ...alertRules,
  ...alerts,
  ...audit,
  ...compare,
  ...controls,
  ...sweeps,
  ...data,
  ...limits,
  ...login,
  ...models,
  ...orders,
  ...overview,
  ...positions,
  ...risk,
  ...runResult,
  ...runs,
  ...settings,
  ...shell,
  ...signals,
  ...states,
  ...strategies,
  ...walkForward,
  ...whatIf,
  ...words,
} as const

type Widen<T> = { readonly [K in keyof T]: T[K] extends string ? string : Widen<T[K]> }

/** What a translation must provide: the same keys, other words. */
export type Messages = Widen<typeof en>
