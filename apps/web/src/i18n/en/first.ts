import { login } from './login.ts'
import { shell } from './shell.ts'
import { states } from './states.ts'
import { words } from './words.ts'

/** What the login and a failure before it say: in the first chunk. */
export const firstEn = { ...login, ...shell, ...states, ...words } as const
