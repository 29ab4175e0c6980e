import { describe, expect, it } from 'vitest'
import { configPatch, editorOf, readTyped, withValue } from './config-draft.ts'

describe('a configuration that somebody edits', () => {
  it('keeps decimal strings as they are written and reads a comma as a point', () => {
    expect(editorOf('1.50')).toBe('decimal')
    expect(readTyped('decimal', ' 1,50 ')).toBe('1.50')
    expect(readTyped('number', '20')).toBe(20)
    expect(readTyped('decimal', '1e3')).toBeUndefined()
    expect(readTyped('number', '')).toBeUndefined()
  })

  it('edits lists of words as tags, and whatever else as JSON', () => {
    expect(editorOf(['a', 'b'])).toBe('tags')
    expect(readTyped('tags', 'rsi, macd,')).toEqual(['rsi', 'macd'])
    expect(editorOf([1, 2])).toBe('json')
    expect(readTyped('json', '[1, 2')).toBeUndefined()
    expect(editorOf({ a: 1 })).toBe('group')
  })

  it('changes, adds and takes out one value, in groups too', () => {
    const config = { a: '1', group: { x: 1, y: 2 } }
    expect(withValue(config, ['a'], '2')).toEqual({ a: '2', group: { x: 1, y: 2 } })
    expect(withValue(config, ['group', 'x'], undefined)).toEqual({ a: '1', group: { y: 2 } })
    expect(withValue(config, ['b'], true)).toEqual({ ...config, b: true })
    expect(withValue(config, ['a'], undefined)).toEqual({ group: { x: 1, y: 2 } })
  })

  it('sends only what differs, and null for what went away', () => {
    const before = { a: '1', b: [1], group: { x: 1, y: 2 } }
    expect(configPatch(before, { a: '1', b: [1, 2], group: { y: 3 } })).toEqual({
      b: [1, 2],
      group: { x: null, y: 3 },
    })
    expect(configPatch(before, before)).toEqual({})
  })
})
