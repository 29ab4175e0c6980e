import { cn } from '../../../lib/cn.ts'

export interface Bar {
  key: string
  label: string
  /** Its sign decides the side and the colour. */
  value: number
  text: string
}

interface BarTableProps {
  label: string
  head: readonly [name: string, value: string]
  bars: readonly Bar[]
  /** Bars to both sides of a middle line, for values of both signs. */
  isDiverging: boolean
}

/** Bars as a real table: every row has its number, the bar only helps the eye. */
export function BarTable({ label, head, bars, isDiverging }: BarTableProps) {
  const most = bars.reduce((size, { value }) => Math.max(size, Math.abs(value)), 0) || 1
  return (
    <table aria-label={label} className="w-full text-xs">
      <thead>
        <tr className="text-muted">
          <th scope="col" className="w-0 py-1 pr-3 text-left font-medium whitespace-nowrap">
            {head[0]}
          </th>
          <td aria-hidden />
          <th scope="col" className="w-0 py-1 pl-3 text-right font-medium whitespace-nowrap">
            {head[1]}
          </th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ key, label: name, value, text }) => {
          const width = `${(Math.abs(value) / most) * (isDiverging ? 50 : 100)}%`
          const isLoss = value < 0
          return (
            <tr key={key}>
              <th scope="row" className="num py-0.5 pr-3 text-left font-medium text-muted">
                {name}
              </th>
              <td aria-hidden className="w-full py-0.5">
                <div className="relative h-4">
                  {isDiverging && <span className="absolute inset-y-0 left-1/2 w-px bg-line-strong" />}
                  <span
                    className={cn('absolute inset-y-0.5 rounded-sm', isLoss ? 'bg-down' : 'bg-up')}
                    style={isDiverging ? { width, [isLoss ? 'right' : 'left']: '50%' } : { width, left: 0 }}
                  />
                </div>
              </td>
              <td className="num py-0.5 pl-3 text-right font-medium">{text}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
