import * as z from 'zod'

/** Length of a bar: a second to a year. */
export const intervalSeconds = z.int().min(1).max(31_536_000).describe('Seconds')
