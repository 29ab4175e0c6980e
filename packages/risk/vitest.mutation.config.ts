import { mergeConfig } from 'vitest/config'
import config from './vitest.config.ts'

/** As `coverage`, without the suites that look for defects themselves: they take seconds for each mutant. */
export default mergeConfig(config, { test: { exclude: ['test/models/**'] } })
