/**
 * An operation that opens a write transaction checks first who asks, and writes an audit entry.
 *
 * It looks at one file at a time and follows calls to functions of the same file. A write is `transaction(...)` or
 * `desk.run(...)`; a check is a call of a function whose name begins with `require`; an entry is a call of
 * `appendAudit` or `changes.audit.push`, or of an imported function whose name begins with `audit` or stands in the option `alsoAudits`. In
 * `operations*.ts` every exported function is an operation; in other files those are that are handed an Actor. What is
 * neither (a job, the demo) acts for the house.
 */
const IS_OPERATIONS_FILE = /\/operations[^/]*\.ts$/
const IS_CHECK = /^require[A-Z]/
const IS_AUDIT = /^(appendAudit|audit|audit[A-Z]\w*)$/

const MESSAGES = {
  permission:
    '{{name}} opens a write transaction without asking first who may do this: call requireRole, requirePerson or another require... before it.',
  audit:
    '{{name}} opens a write transaction without an audit entry: call appendAudit inside of it, with what was before and what is after.',
}

export const guardedWrites = {
  meta: {
    type: 'problem',
    messages: MESSAGES,
    schema: [
      {
        type: 'object',
        properties: { alsoAudits: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
  },
  create(context) {
    const alsoAudits = context.options[0]?.alsoAudits ?? []
    const isAudit = (name) => IS_AUDIT.test(name) || alsoAudits.includes(name)
    const functions = new Map()
    const exported = new Set()
    const stack = []

    const enter = (node) => {
      const name = stack.length === 0 ? nameOf(node) : null
      stack.push(name)
      if (name !== null) functions.set(name, { node, events: [], takesActor: takesActor(node) })
    }
    const leave = () => stack.pop()

    return {
      FunctionDeclaration: enter,
      'FunctionDeclaration:exit': leave,
      FunctionExpression: enter,
      'FunctionExpression:exit': leave,
      ArrowFunctionExpression: enter,
      'ArrowFunctionExpression:exit': leave,
      ExportNamedDeclaration(node) {
        for (const name of exportedNames(node)) exported.add(name)
      },
      CallExpression(node) {
        const owner = functions.get(stack[0])
        const event = eventOf(node)
        if (owner !== undefined && event !== null) owner.events.push(event)
      },
      'Program:exit'() {
        const isOperations = IS_OPERATIONS_FILE.test(context.filename.replaceAll('\\', '/'))
        for (const [name, { node, takesActor: hasActor }] of functions) {
          const isOperation = isOperations ? exported.has(name) : hasActor && exported.has(name)
          if (!isOperation) continue
          const { writes, isChecked, isAudited } = follow(functions, isAudit, name)
          if (!writes) continue
          if (!isChecked) context.report({ node: node.id ?? node, messageId: 'permission', data: { name } })
          if (!isAudited) context.report({ node: node.id ?? node, messageId: 'audit', data: { name } })
        }
      },
    }
  },
}

function nameOf(node) {
  if (node.type === 'FunctionDeclaration') return node.id?.name ?? 'default'
  const { parent } = node
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : null
}

function takesActor(node) {
  return node.params.some((param) => {
    const annotation = param.typeAnnotation?.typeAnnotation
    return annotation?.type === 'TSTypeReference' && annotation.typeName.name === 'Actor'
  })
}

function exportedNames({ declaration, specifiers }) {
  if (declaration?.type === 'FunctionDeclaration') return [declaration.id.name]
  if (declaration?.type === 'VariableDeclaration') return declaration.declarations.map(({ id }) => id.name)
  return specifiers.map(({ local }) => local.name)
}

/** A call that counts, by the last name of what is called: `rows.appendAudit(...)` as well as `appendAudit(...)`. */
function eventOf({ callee, start }) {
  const path = pathOf(callee)
  const last = path.at(-1)
  if (last === undefined) return null
  if (last === 'transaction' || isDeskWrite(path)) return { kind: 'write', start }
  if (IS_CHECK.test(last)) return { kind: 'check', start, name: path.length === 1 ? last : null }
  if (last === 'appendAudit' || (last === 'push' && path.at(-2) === 'audit')) return { kind: 'audit', start }
  return path.length === 1 ? { kind: 'call', start, name: last } : null
}

function isDeskWrite(path) {
  return path.at(-2) === 'desk' && /^run([A-Z]|$)/.test(path.at(-1))
}

function pathOf(callee) {
  if (callee.type === 'Identifier') return [callee.name]
  if (callee.type !== 'MemberExpression' || callee.computed) return []
  return [...pathOf(callee.object), callee.property.name]
}

/**
 * What a function does, itself and through functions of its file, in the order of the text.
 * @returns whether it writes, whether a check stands before its first write, whether an entry is written at all
 */
function follow(functions, isAudit, name, seen = new Set()) {
  const state = { writes: false, isChecked: false, isAudited: false, hasCheck: false }
  if (seen.has(name)) return state
  const path = new Set(seen).add(name)
  const events = [...(functions.get(name)?.events ?? [])].sort((a, b) => a.start - b.start)
  let isFirstWriteChecked = null
  const write = (isGuarded) => (isFirstWriteChecked ??= state.hasCheck || isGuarded)
  for (const event of events) {
    if (event.kind === 'write') write(false)
    if (event.kind === 'check') state.hasCheck = true
    if (event.kind === 'audit') state.isAudited = true
    if (event.name === undefined || event.name === null) continue
    if (!functions.has(event.name)) {
      if (isAudit(event.name)) state.isAudited = true
      continue
    }
    const inner = follow(functions, isAudit, event.name, path)
    if (inner.writes) write(inner.isChecked)
    if (inner.hasCheck) state.hasCheck = true
    if (inner.isAudited) state.isAudited = true
  }
  state.writes = isFirstWriteChecked !== null
  state.isChecked = isFirstWriteChecked === true
  return state
}
