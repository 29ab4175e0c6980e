import { Link } from '@tanstack/react-router'

export function StrategyLink({ id, name }: { id: string; name?: string }) {
  return (
    <Link
      to="/strategies/$strategyId"
      params={{ strategyId: id }}
      className="font-medium sm:whitespace-nowrap text-ink underline-offset-2 hover:text-accent hover:underline"
    >
      {name ?? id}
    </Link>
  )
}
