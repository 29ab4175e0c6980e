export const audit = {
  audit: {
    title: 'Audit',
    text: 'Every privileged or money-moving action, append-only, chained by hash.',
    empty: 'Nothing has happened yet.',
    actor: 'Actor',
    action: 'Action',
    entity: 'Entity',
    entityId: 'Entity id',
    chain: 'Chain',
    unsealed: 'not sealed yet',
    hash: 'Hash',
    changes: 'What changed',
    noChange: 'No stored value changed.',
    fieldName: 'Field',
    before: 'Before',
    after: 'After',
  },
} as const
