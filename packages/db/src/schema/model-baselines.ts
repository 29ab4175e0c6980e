export interface ModelBaselinesTable {
  strategyId: string
  actions: number[]
  setAt: Date
  setBy: string | null
  note: string | null
}
