import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

interface Stat {
  parent: number
  /** Of the process and of its children that have ended, in ticks. */
  ticks: number
}

/** CPU time that a process and all its descendants have used so far, ms; null where /proc does not exist. */
export function cpuMsOfTree(root: number): number | null {
  const stats = readStats()
  if (stats === null) return null
  let ticks = 0
  const waiting = [root]
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    ticks += stats.get(pid)?.ticks ?? 0
    for (const [child, { parent }] of stats) if (parent === pid) waiting.push(child)
  }
  return (ticks / TICKS_PER_SECOND) * 1000
}

function readStats(): Map<number, Stat> | null {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return new Map(pids.flatMap((pid) => readStat(Number(pid))))
  } catch {
    return null
  }
}

/** Empty for a process that has just ended. */
function readStat(pid: number): [number, Stat][] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces; after it come state, parent, ..., utime, stime, cutime, cstime.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0)
    return [[pid, { parent: Number(fields[1]), ticks }]]
  } catch {
    return []
  }
}

/** What several processes together used while work ran; null where it cannot be measured. */
export async function cpuDuring(pids: readonly number[], work: () => Promise<void>): Promise<number | null> {
  const total = (): number | null => {
    const each = pids.map(cpuMsOfTree)
    return each.some((ms) => ms === null) ? null : each.reduce<number>((sum, ms) => sum + (ms ?? 0), 0)
  }
  const before = total()
  await work()
  const after = total()
  return before === null || after === null ? null : after - before
}
