import {
  Activity,
  Bell,
  BrainCircuit,
  Database,
  FlaskConical,
  Layers,
  LayoutDashboard,
  ListOrdered,
  OctagonX,
  RadioTower,
  ScrollText,
  Settings,
  ShieldCheck,
} from 'lucide-react'

/** Pages in the order of the navigation; `key` follows `g`. */
export const PAGES = [
  { name: 'overview', to: '/', key: 'o', icon: LayoutDashboard },
  { name: 'signals', to: '/signals', key: 's', icon: RadioTower },
  { name: 'strategies', to: '/strategies', key: 't', icon: Activity },
  { name: 'positions', to: '/positions', key: 'p', icon: Layers },
  { name: 'orders', to: '/orders', key: 'r', icon: ListOrdered },
  { name: 'runs', to: '/runs', key: 'b', icon: FlaskConical },
  { name: 'risk', to: '/risk', key: 'k', icon: ShieldCheck },
  { name: 'models', to: '/models', key: 'm', icon: BrainCircuit },
  { name: 'alerts', to: '/alerts', key: 'a', icon: Bell },
  { name: 'controls', to: '/controls', key: 'c', icon: OctagonX },
  { name: 'audit', to: '/audit', key: 'u', icon: ScrollText },
  { name: 'data', to: '/data', key: 'd', icon: Database },
  { name: 'settings', to: '/settings', key: ',', icon: Settings },
] as const

export type PageEntry = (typeof PAGES)[number]

/** Pages with an address of their own that belong to another one's: its place in the navigation is theirs. */
const UNDER: Partial<Record<PageEntry['name'], readonly string[]>> = { runs: ['/sweeps', '/walk-forwards'] }

/** Whether the address is of a page that the entry stands for without being its own. */
export function isUnder(name: PageEntry['name'], pathname: string): boolean {
  return (UNDER[name] ?? []).some((path) => pathname === path || pathname.startsWith(`${path}/`))
}

/** On a phone these four stand in the bottom bar, the rest in the drawer. */
export const PHONE_PAGES = PAGES.filter((page) =>
  ['overview', 'signals', 'positions', 'risk'].includes(page.name),
)
