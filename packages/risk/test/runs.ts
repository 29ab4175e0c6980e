/**
 * How often a property is tried: less where every try is repeated for each mutant. A seeded defect of a pure function
 * shows within a few dozen tries or not at all.
 */
export function runsOf(count: number): number {
  // oxlint-disable-next-line eslint/no-restricted-properties -- tests are configured by the environment alone
  return Math.min(count, Number(process.env.PROPERTY_RUNS ?? count))
}
