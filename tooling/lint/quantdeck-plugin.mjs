// Rules of our own, for what the desk must never forget. oxlint loads this file (`jsPlugins` in .oxlintrc.json).
import { guardedWrites } from './guarded-writes.mjs'

const plugin = { meta: { name: 'quantdeck' }, rules: { 'guarded-writes': guardedWrites } }

// oxlint takes a plugin as the default export.
// oxlint-disable-next-line import/no-default-export
export default plugin
