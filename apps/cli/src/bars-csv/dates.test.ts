import { describe, expect, it } from 'vitest'
import { type DateFormat, inferDateFormat, parseDate } from './dates.ts'

function iso(cell: string, format: DateFormat, zone = 'UTC'): string | null {
  const parsed = parseDate(cell, format, zone)
  return parsed === null ? null : new Date(parsed.ms).toISOString()
}

describe('parseDate', () => {
  it.each([
    ['2026-01-07', 'YYYY-MM-DD', '2026-01-07T00:00:00.000Z'],
    ['2026/1/7', 'YYYY-MM-DD', '2026-01-07T00:00:00.000Z'],
    ['20260107', 'YYYY-MM-DD', '2026-01-07T00:00:00.000Z'],
    ['2026.01.07 09:30', 'YYYY-MM-DD', '2026-01-07T09:30:00.000Z'],
    ['20260107 09:30:15', 'YYYY-MM-DD', '2026-01-07T09:30:15.000Z'],
    ['2026-01-07T09:30:00.250Z', 'YYYY-MM-DD', '2026-01-07T09:30:00.250Z'],
    ['2026-01-07T09:30:00-05:00', 'YYYY-MM-DD', '2026-01-07T14:30:00.000Z'],
    ['2026-01-07 09:30:00+0530', 'YYYY-MM-DD', '2026-01-07T04:00:00.000Z'],
    ['3/10/2004', 'MM/DD/YYYY', '2004-03-10T00:00:00.000Z'],
    ['03/10/2004', 'DD/MM/YYYY', '2004-10-03T00:00:00.000Z'],
    ['03.10.2004 4:05 PM', 'DD/MM/YYYY', '2004-10-03T16:05:00.000Z'],
    ['12/31/2004 12:00 AM', 'MM/DD/YYYY', '2004-12-31T00:00:00.000Z'],
    ['Aug 22, 2025', 'YYYY-MM-DD', '2025-08-22T00:00:00.000Z'],
    ['22-Aug-2025', 'YYYY-MM-DD', '2025-08-22T00:00:00.000Z'],
    ['1503100800', 'unix', '2017-08-19T00:00:00.000Z'],
    ['1503100800123', 'unix-ms', '2017-08-19T00:00:00.123Z'],
    ['2024-02-29', 'YYYY-MM-DD', '2024-02-29T00:00:00.000Z'],
  ] as const)('reads %s as %s', (cell, format, expected) => {
    expect(iso(cell, format)).toBe(expected)
  })

  it.each([
    ['2023-02-29', 'YYYY-MM-DD'],
    ['2026-13-01', 'YYYY-MM-DD'],
    ['13/13/2024', 'DD/MM/YYYY'],
    ['31/12/2024', 'MM/DD/YYYY'],
    ['03/04/2024', 'YYYY-MM-DD'],
    ['2026-01-07 25:00', 'YYYY-MM-DD'],
    ['2026-01-07 13:00 PM', 'YYYY-MM-DD'],
    ['202601', 'YYYY-MM-DD'],
    ['yesterday', 'YYYY-MM-DD'],
    ['15031008', 'unix'],
    ['', 'YYYY-MM-DD'],
  ] as const)('refuses %s as %s', (cell, format) => {
    expect(iso(cell, format)).toBeNull()
  })

  it('reads times without an offset in the zone it is given, daylight saving included', () => {
    expect(iso('2026-01-07 09:30:00', 'YYYY-MM-DD', 'America/New_York')).toBe('2026-01-07T14:30:00.000Z')
    expect(iso('2026-07-07 09:30:00', 'YYYY-MM-DD', 'America/New_York')).toBe('2026-07-07T13:30:00.000Z')
    expect(iso('2026-07-07 09:30:00Z', 'YYYY-MM-DD', 'America/New_York')).toBe('2026-07-07T09:30:00.000Z')
  })
})

describe('inferDateFormat', () => {
  it.each([
    [['2026-01-07', '2026-01-08'], 'YYYY-MM-DD'],
    [['25/08/2025', '02/08/2025'], 'DD/MM/YYYY'],
    [['3/10/2004', '3/15/2004'], 'MM/DD/YYYY'],
    [['1503100800', '1503187200'], 'unix'],
    [['1503100800000', '1503187200000'], 'unix-ms'],
  ])('decides %j', (cells, format) => {
    expect(inferDateFormat(cells)).toEqual({ format })
  })

  it('takes the order of the rows as evidence when no component is above 12', () => {
    expect(inferDateFormat(['01/02/2024', '01/03/2024', '02/01/2024'])).toEqual({ format: 'MM/DD/YYYY' })
    expect(inferDateFormat(['03/02/2024', '02/02/2024', '01/02/2024', '12/01/2024'])).toEqual({
      format: 'DD/MM/YYYY',
    })
  })

  it('lets one dirty row not overrule a file', () => {
    const clean = Array.from({ length: 18 }, (_, index) => `${index + 13}/08/2025`)
    expect(inferDateFormat([...clean, ...clean, '08/31/2025'])).toEqual({ format: 'DD/MM/YYYY' })
  })

  it('says what is wrong when both readings hold or the file mixes both', () => {
    expect(inferDateFormat(['01/02/2024', '02/02/2024', '03/02/2024'])).toHaveProperty('problem')
    expect(inferDateFormat(['31/01/2024', '01/31/2024'])).toEqual({
      problem: 'the file mixes DD/MM/YYYY (1 rows) and MM/DD/YYYY (1 rows)',
    })
  })
})
