import { ensureDefined, type Mode } from '@quantdeck/domain'
import type { Approval } from '@quantdeck/db'
import * as product from '../../src/features/approvals/machine.ts'
import type { ApprovalChange, ApprovalStep } from '../../src/features/approvals/machine.ts'
import type { ApprovalAct } from './approvals-reference.ts'
import type { Product } from './machine.ts'

export type ApprovalMachine = Pick<typeof product, 'approve' | 'revoke' | 'spend' | 'statusAt'>

const START = Date.parse('2026-01-07T16:30:00Z')
const STATUS = { same_person: 403, not_open: 409, configuration_changed: 409, wrong_code: 403 } as const

/** The product's own machine on rows in memory, as the operations call it. */
export class PureApprovals implements Product<ApprovalAct> {
  readonly #machine: ApprovalMachine
  readonly #rows: Approval[] = []
  readonly #codes: string[] = []
  readonly #log: Record<string, number> = {}
  #now = START
  #mode: Mode = 'PAPER'
  #configuration = 0

  constructor(machine: ApprovalMachine = product) {
    this.#machine = machine
  }

  async act(act: ApprovalAct): Promise<number | null> {
    switch (act.type) {
      case 'wait':
        this.#now += act.ms
        return null
      case 'configure':
        this.#configuration = act.value
        return 200
      case 'back':
        return this.#move('LIVE', 'PAPER')
      case 'request':
        return this.#request(act.who)
      case 'approve':
        return this.#step(act.which, 'approve', (row, code) =>
          this.#machine.approve(row, { ...this.#by(act.who), configHash: this.#hash, code }),
        )
      case 'revoke':
        return this.#step(act.which, 'revoke', (row) => this.#machine.revoke(row, this.#by(act.who)))
      case 'use':
        return this.#use(this.#codes[act.which] ?? 'AAAAAAAA')
      case 'guess':
        return this.#use('AAAAAAAA')
    }
  }

  async view(): Promise<unknown> {
    const at = new Date(this.#now)
    return {
      mode: this.#mode,
      approvals: this.#rows.map((row) => `${this.#machine.statusAt(row, at)} ${row.wrongTries}`),
      log: this.#log,
    }
  }

  get #hash(): string {
    return `hash ${this.#configuration}`
  }

  #by(who: number) {
    return { userId: `user ${who}`, at: new Date(this.#now) }
  }

  #note(verb: string): void {
    this.#log[`approval.${verb}`] = (this.#log[`approval.${verb}`] ?? 0) + 1
  }

  #move(from: Mode, to: Mode): number {
    if (this.#mode !== from) return 409
    this.#mode = to
    return 200
  }

  #request(who: number): number {
    if (this.#mode !== 'PAPER') return 409
    const requestedAt = new Date(this.#now)
    this.#rows.push({
      approvalId: `approval ${this.#rows.length}`,
      seq: this.#rows.length,
      strategyId: 's',
      fromMode: 'PAPER',
      toMode: 'LIVE',
      reason: 'ready',
      status: 'REQUESTED',
      configHash: this.#hash,
      codeHash: null,
      wrongTries: 0,
      requestedBy: `user ${who}`,
      requestedAt,
      approvedBy: null,
      approvedAt: null,
      usedAt: null,
      expiresAt: new Date(this.#now + product.REQUEST_LIFE_MS),
      evidence: null,
      revokedBy: null,
      revokedAt: null,
    })
    this.#note('request')
    return 201
  }

  #step(which: number, verb: string, decide: (row: Approval, code: string) => ApprovalStep): number {
    const row = this.#rows[which]
    if (row === undefined) return 404
    const code = `CODE${which}`
    const step = decide(row, code)
    if ('refusal' in step) return STATUS[step.refusal]
    if (verb === 'approve' && this.#mode !== 'PAPER') return 409
    this.#write(row, step.change)
    if (verb === 'approve') this.#codes[which] = code
    this.#note(verb)
    return 200
  }

  #use(code: string): number {
    if (this.#mode !== 'PAPER') return 409
    const { refusal, changes } = this.#machine.spend(this.#rows, {
      code,
      at: new Date(this.#now),
      configHash: this.#hash,
    })
    for (const { approval, verb, change } of changes) {
      this.#write(approval, change)
      this.#note(verb)
    }
    return refusal === null ? this.#move('PAPER', 'LIVE') : STATUS[refusal]
  }

  #write({ approvalId }: Approval, change: ApprovalChange): void {
    const index = this.#rows.findIndex((row) => row.approvalId === approvalId)
    this.#rows[index] = { ...ensureDefined(this.#rows[index], approvalId), ...change }
  }
}

const ever = new Date(0)

/** What a product would do that forgot something. */
export const APPROVAL_DEFECTS: Record<string, ApprovalMachine> = {
  'lets people approve their own request': {
    ...product,
    approve: (approval, by) => product.approve({ ...approval, requestedBy: 'nobody' }, by),
  },
  'approves what was approved already': {
    ...product,
    approve: (approval, by) =>
      product.approve(approval.status === 'APPROVED' ? { ...approval, status: 'REQUESTED' } : approval, by),
  },
  'takes a code twice': {
    ...product,
    spend: (approvals, by) =>
      product.spend(
        approvals.map((one) => (one.status === 'USED' ? { ...one, status: 'APPROVED' } : one)),
        by,
      ),
  },
  'takes a code that is too old': {
    ...product,
    spend: (approvals, by) => {
      const found = product.spend(approvals, { ...by, at: ever })
      return found.refusal === null ? found : product.spend(approvals, by)
    },
  },
  'takes a code that was revoked': {
    ...product,
    revoke: (approval, by) => {
      const step = product.revoke(approval, by)
      return 'change' in step ? { change: { revokedAt: by.at } } : step
    },
  },
  'revokes what was used': {
    ...product,
    revoke: (approval, by) =>
      product.revoke(approval.status === 'USED' ? { ...approval, status: 'APPROVED' } : approval, by),
  },
  'does not compare the configuration': {
    ...product,
    spend: (approvals, by) =>
      product.spend(
        approvals.map((one) => ({ ...one, configHash: by.configHash })),
        by,
      ),
  },
  'uses a code up though the configuration changed': {
    ...product,
    spend: (approvals, by) => {
      const found = product.spend(approvals, by)
      return found.refusal === 'configuration_changed'
        ? { ...found, changes: product.spend(approvals, { ...by, code: '' }).changes }
        : found
    },
  },
  'does not count wrong codes': {
    ...product,
    spend: (approvals, by) => {
      const found = product.spend(approvals, by)
      return found.refusal === 'wrong_code' ? { ...found, changes: [] } : found
    },
  },
  'lets somebody guess six times': {
    ...product,
    spend: (approvals, by) => {
      const found = product.spend(approvals, by)
      const lenient = found.changes.map((one) =>
        one.change.wrongTries === product.MAX_WRONG_TRIES
          ? { ...one, change: { wrongTries: product.MAX_WRONG_TRIES } }
          : one,
      )
      return { ...found, changes: lenient }
    },
  },
}
