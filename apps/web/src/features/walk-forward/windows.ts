/** Lengths as typed, in days. */
export interface WindowForm {
  inSample: string
  outOfSample: string
  purge: string
  embargo: string
}

export interface WindowDays {
  in_sample_days: number
  out_of_sample_days: number
  purge_days: number
  embargo_days: number
}

const DAY_MS = 86_400_000

function readWhole(text: string, least: number, most: number): number | null {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : NaN
  return value >= least && value <= most ? value : null
}

/** As the contract takes them; null when one of them is no such number. */
export function readDays(form: WindowForm): WindowDays | null {
  const inSample = readWhole(form.inSample, 1, 3660)
  const outOfSample = readWhole(form.outOfSample, 1, 3660)
  const purge = readWhole(form.purge, 0, 366)
  const embargo = readWhole(form.embargo, 0, 366)
  if (inSample === null || outOfSample === null || purge === null || embargo === null) return null
  return {
    in_sample_days: inSample,
    out_of_sample_days: outOfSample,
    purge_days: purge,
    embargo_days: embargo,
  }
}

/** About how many windows fit into the period; the server knows which days it has prices of. */
export function countWindows({ from, to }: { from: string; to: string }, days: WindowDays): number {
  const length = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
  const beside = days.purge_days + days.embargo_days
  const rest = length - days.in_sample_days - beside
  return Number.isFinite(rest) && rest > 0 ? Math.ceil(rest / days.out_of_sample_days) : 0
}
