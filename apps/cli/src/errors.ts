/** A failure that one sentence explains; exit code 1. */
export class CliError extends Error {}

/** A command line that cannot be understood; exit code 2. */
export class UsageError extends CliError {}
