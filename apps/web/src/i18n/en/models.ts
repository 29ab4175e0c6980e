export const models = {
  models: {
    title: 'Models',
    empty: 'No model yet',
    emptyText: 'Strategies whose signals come from outside are listed here once they declare a baseline.',
    kl: 'Action drift (KL)',
    klHow:
      'Kullback-Leibler divergence of the last 100 actions from the training baseline, in 20 bins. Warning over 0.3, critical over 0.5, both only if it cannot be chance.',
    stuck: 'Stuck',
    stuckYes: 'Repeats one action',
    stuckNo: 'Varies its actions',
    stuckHow: 'True when at least 90 % of the last 100 actions are equal, judged against the baseline.',
    sharpe: 'Rolling Sharpe',
    sharpeHow: 'Mean over deviation of the last 50 closed trades, per trade, not annualised. Needs 5 trades.',
    inference: 'Last inference',
    details: {
      healthy: 'Its actions look like those of its training.',
      warning: 'Its actions have moved away from its training. Watch it.',
      critical: 'Its actions differ clearly from its training. Entries are refused.',
    },
    note: {
      'insufficient data': 'Not enough actions yet to judge.',
      'no inference yet': 'It has not spoken yet.',
    },
    counts: '{{healthy}} healthy, {{warning}} warning, {{critical}} critical',
  },
} as const
