import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import { withWords } from './i18n/index.ts'
import {
  alertsSearch,
  auditSearch,
  compareSearch,
  dataSearch,
  deckSearch,
  loginSearch,
  ordersSearch,
  overviewSearch,
  positionsSearch,
  runSearch,
  runsSearch,
  signalsSearch,
  strategiesSearch,
  strategySearch,
  studiesSearch,
} from './lib/search.ts'
import { getSession } from './lib/session.ts'

const NotFound = lazyRouteComponent(() => import('./shell/failure.tsx'), 'NotFound')
const PageFailure = lazyRouteComponent(() => import('./shell/failure.tsx'), 'PageFailure')

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

/** Where to go after the login: a path of our own, nothing else. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/'
}

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: loginSearch,
  beforeLoad({ search }) {
    if (getSession().status === 'ready') throw redirect({ href: safeNext(search.next), replace: true })
  },
  component: lazyRouteComponent(() => import('./features/login/login-page.tsx'), 'LoginPage'),
})

/** Every page behind the login; the mode filter stays while one moves between them. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'deck',
  validateSearch: deckSearch,
  search: { middlewares: [retainSearchParams(['mode'])] },
  beforeLoad({ location }) {
    if (getSession().status !== 'ready') {
      throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } })
    }
  },
  component: lazyRouteComponent(() => import('./shell/shell.tsx'), 'Shell'),
  errorComponent: PageFailure,
})

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import('./features/overview/overview-page.tsx'), 'OverviewPage'),
})
const signals = createRoute({
  getParentRoute: () => shell,
  path: '/signals',
  validateSearch: signalsSearch,
  component: lazyRouteComponent(
    () => withWords(import('./features/signals/signals-page.tsx')),
    'SignalsPage',
  ),
})
const strategies = createRoute({
  getParentRoute: () => shell,
  path: '/strategies',
  validateSearch: strategiesSearch,
  component: lazyRouteComponent(
    () => withWords(import('./features/strategies/strategies-page.tsx')),
    'StrategiesPage',
  ),
})
const strategy = createRoute({
  getParentRoute: () => shell,
  path: '/strategies/$strategyId',
  validateSearch: strategySearch,
  component: lazyRouteComponent(
    () => withWords(import('./features/strategies/strategy-page.tsx')),
    'StrategyPage',
  ),
})
const whatIf = createRoute({
  getParentRoute: () => shell,
  path: '/strategies/$strategyId/what-if',
  component: lazyRouteComponent(() => withWords(import('./features/limits/what-if-page.tsx')), 'WhatIfPage'),
})
const positions = createRoute({
  getParentRoute: () => shell,
  path: '/positions',
  validateSearch: positionsSearch,
  component: lazyRouteComponent(
    () => withWords(import('./features/positions/positions-page.tsx')),
    'PositionsPage',
  ),
})
const position = createRoute({
  getParentRoute: () => shell,
  path: '/positions/$positionId',
  component: lazyRouteComponent(
    () => withWords(import('./features/positions/position-page.tsx')),
    'PositionPage',
  ),
})
const orders = createRoute({
  getParentRoute: () => shell,
  path: '/orders',
  validateSearch: ordersSearch,
  component: lazyRouteComponent(() => withWords(import('./features/orders/orders-page.tsx')), 'OrdersPage'),
})
const runs = createRoute({
  getParentRoute: () => shell,
  path: '/runs',
  validateSearch: runsSearch,
  component: lazyRouteComponent(() => withWords(import('./features/runs/runs-page.tsx')), 'RunsPage'),
})
const run = createRoute({
  getParentRoute: () => shell,
  path: '/runs/$runId',
  validateSearch: runSearch,
  component: lazyRouteComponent(() => withWords(import('./features/runs/run-page.tsx')), 'RunPage'),
})
const compare = createRoute({
  getParentRoute: () => shell,
  path: '/runs/compare',
  validateSearch: compareSearch,
  component: lazyRouteComponent(
    () => withWords(import('./features/compare/compare-page.tsx')),
    'ComparePage',
  ),
})
const sweeps = createRoute({
  getParentRoute: () => shell,
  path: '/sweeps',
  validateSearch: studiesSearch,
  component: lazyRouteComponent(() => withWords(import('./features/sweeps/sweeps-page.tsx')), 'SweepsPage'),
})
const sweep = createRoute({
  getParentRoute: () => shell,
  path: '/sweeps/$sweepId',
  component: lazyRouteComponent(() => withWords(import('./features/sweeps/sweep-page.tsx')), 'SweepPage'),
})
const walkForwards = createRoute({
  getParentRoute: () => shell,
  path: '/walk-forwards',
  validateSearch: studiesSearch,
  component: lazyRouteComponent(
    () => withWords(import('./features/walk-forward/walk-forwards-page.tsx')),
    'WalkForwardsPage',
  ),
})
const walkForward = createRoute({
  getParentRoute: () => shell,
  path: '/walk-forwards/$studyId',
  component: lazyRouteComponent(
    () => withWords(import('./features/walk-forward/walk-forward-page.tsx')),
    'WalkForwardPage',
  ),
})
const risk = createRoute({
  getParentRoute: () => shell,
  path: '/risk',
  component: lazyRouteComponent(() => withWords(import('./features/risk/risk-page.tsx')), 'RiskPage'),
})
const models = createRoute({
  getParentRoute: () => shell,
  path: '/models',
  component: lazyRouteComponent(() => withWords(import('./features/models/models-page.tsx')), 'ModelsPage'),
})
const model = createRoute({
  getParentRoute: () => shell,
  path: '/models/$modelId',
  component: lazyRouteComponent(() => withWords(import('./features/models/model-page.tsx')), 'ModelPage'),
})
const alerts = createRoute({
  getParentRoute: () => shell,
  path: '/alerts',
  validateSearch: alertsSearch,
  component: lazyRouteComponent(() => withWords(import('./features/alerts/alerts-page.tsx')), 'AlertsPage'),
})

const alertRules = createRoute({
  getParentRoute: () => shell,
  path: '/alerts/rules',
  component: lazyRouteComponent(
    () => withWords(import('./features/alert-rules/alert-rules-page.tsx')),
    'AlertRulesPage',
  ),
})

const controls = createRoute({
  getParentRoute: () => shell,
  path: '/controls',
  component: lazyRouteComponent(
    () => withWords(import('./features/controls/controls-page.tsx')),
    'ControlsPage',
  ),
})
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => withWords(import('./features/audit/audit-page.tsx')), 'AuditPage'),
})
const data = createRoute({
  getParentRoute: () => shell,
  path: '/data',
  validateSearch: dataSearch,
  component: lazyRouteComponent(() => withWords(import('./features/data/data-page.tsx')), 'DataPage'),
})
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  beforeLoad() {
    throw redirect({ to: '/settings/$tab', params: { tab: 'profile' }, replace: true })
  },
})
const settingsTab = createRoute({
  getParentRoute: () => shell,
  path: '/settings/$tab',
  component: lazyRouteComponent(
    () => withWords(import('./features/settings/settings-page.tsx')),
    'SettingsPage',
  ),
})

/** Whatever no page answers to, said inside the shell. */
const nowhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound })

const routeTree = root.addChildren([
  login,
  shell.addChildren([
    overview,
    signals,
    strategies,
    strategy,
    whatIf,
    positions,
    position,
    orders,
    runs,
    run,
    compare,
    sweeps,
    sweep,
    walkForwards,
    walkForward,
    risk,
    models,
    model,
    alerts,
    alertRules,
    controls,
    audit,
    data,
    settings,
    settingsTab,
    nowhere,
  ]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: PageFailure,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
