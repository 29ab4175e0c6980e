import { describe, expect, it } from 'vitest'
import { moveView } from './view-range.ts'

describe('the view of a chart', () => {
  const whole = { from: 0, to: 100 }

  it('zooms around its middle, and out again to the whole', () => {
    const near = moveView(whole, 'in', 101)
    expect(near).toEqual({ from: 25, to: 75 })
    expect(moveView(near, 'out', 101)).toEqual(whole)
    expect(moveView(whole, 'out', 101)).toEqual(whole)
  })

  it('never shows fewer than four points in width', () => {
    let view = whole
    for (let times = 0; times < 20; times += 1) view = moveView(view, 'in', 101)
    expect(view.to - view.from).toBe(4)
  })

  it('moves by a third, and stops at both ends', () => {
    const near = { from: 40, to: 70 }
    expect(moveView(near, 'left', 101)).toEqual({ from: 30, to: 60 })
    expect(moveView(near, 'right', 101)).toEqual({ from: 50, to: 80 })
    expect(moveView({ from: 2, to: 32 }, 'left', 101)).toEqual({ from: 0, to: 30 })
    expect(moveView({ from: 65, to: 95 }, 'right', 101)).toEqual({ from: 70, to: 100 })
  })

  it('of a short curve stays where it is', () => {
    expect(moveView({ from: 0, to: 2 }, 'in', 3)).toEqual({ from: 0, to: 4 })
  })
})
