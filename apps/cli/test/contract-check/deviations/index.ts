import { access } from './access.ts'
import type { Deviation } from './deviation.ts'
import { enums } from './enums.ts'
import { errors } from './errors.ts'
import { limits } from './limits.ts'
import { lists } from './lists.ts'
import { meaning } from './meaning.ts'
import { shape } from './shape.ts'
import { stream } from './stream.ts'
import { transport } from './transport.ts'
import { writes } from './writes.ts'

export type { Deviation } from './deviation.ts'

export const DEVIATIONS: readonly Deviation[] = [
  ...shape,
  ...meaning,
  ...lists,
  ...enums,
  ...errors,
  ...access,
  ...transport,
  ...limits,
  ...writes,
  ...stream,
]
