import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BarsFileError, parseBarsCsv, type ParseOptions } from './parse-bars-csv.ts'

const NOW_MS = Date.UTC(2026, 0, 7)

function parse(text: string, options: Partial<ParseOptions> = {}) {
  return parseBarsCsv(text, { symbol: 'AAPL', zone: 'UTC', nowMs: NOW_MS, ...options })
}

function days(text: string, options: Partial<ParseOptions> = {}) {
  return parse(text, options).bars.map((bar) => [
    new Date(bar.openedAtMs).toISOString().slice(0, 10),
    bar.close,
  ])
}

function reasons(text: string, options: Partial<ParseOptions> = {}) {
  return parse(text, options).rejected.map(({ line, reason }) => [line, reason])
}

const GOOD = ['2025-01-02,10,12,9,11,100', '2025-01-03,11,12,10,12,200', '2025-01-06,12,13,11,13,300']

describe('parseBarsCsv', () => {
  it('finds columns by name in any case and order', () => {
    const { bars } = parse(
      'Volume,CLOSE,low,High,Open,Adj Close,Date\n7,11,9,12,10,10.5,2025-01-02\n8,12,10,13,11,11,2025-01-03',
    )
    expect(bars[0]).toEqual({
      line: 2,
      openedAtMs: Date.UTC(2025, 0, 2),
      open: '10',
      high: '12',
      low: '9',
      close: '11',
      volume: '7',
    })
  })

  it('takes a nameless first column as the date', () => {
    expect(days(`,Open,High,Low,Close,Volume\n${GOOD.join('\n')}`)).toHaveLength(3)
  })

  it('makes single-price bars where only one price is there', () => {
    const { bars } = parse('date,close\n2025-01-02,11.5\n2025-01-03,12')
    expect(bars[0]).toMatchObject({ open: '11.5', high: '11.5', low: '11.5', close: '11.5', volume: '0' })
  })

  it('spans the range of open and close where high and low are not there', () => {
    const { bars } = parse('date,open,close\n2025-01-02,12,11\n2025-01-03,9,10')
    expect(bars[0]).toMatchObject({ open: '12', high: '12', low: '11', close: '11' })
    expect(bars[1]).toMatchObject({ open: '9', high: '10', low: '9', close: '10' })
  })

  it('takes the column that is called like the symbol, or that --column names', () => {
    const file = 'Date,AAPL,MSFT,C\n3/10/2004,13.84,25.37,492.1\n3/15/2004,13.9,25.1,490'
    expect(days(file)).toEqual([
      ['2004-03-10', '13.84'],
      ['2004-03-15', '13.9'],
    ])
    expect(days(file, { symbol: 'c' })[0]).toEqual(['2004-03-10', '492.1'])
    expect(days(file, { symbol: 'X', priceColumn: 'msft' })[0]).toEqual(['2004-03-10', '25.37'])
    expect(() => parse(file, { symbol: 'X' })).toThrow(
      'name one with --column; the columns are "Date", "AAPL", "MSFT", "C"',
    )
  })

  it('reads BOM, CRLF, semicolons, decimal commas, quotes and a descending order', () => {
    const file =
      '\uFEFFFecha;Cierre\r\n"03/01/2025";"1.300,50"\r\n"02/01/2025";"1.200,25"\r\n"31/12/2024";1.100\r\n'
    expect(days(file)).toEqual([
      ['2024-12-31', '1100'],
      ['2025-01-02', '1200.25'],
      ['2025-01-03', '1300.50'],
    ])
  })

  it('reads the official USD/COP form with dollar signs and thousands', () => {
    const file =
      '"VALOR","UNIDAD","VIGENCIADESDE","VIGENCIAHASTA"\n"$4,008.70","COP","23/08/2025","25/08/2025"\n"$4,034.18","COP","22/08/2025","22/08/2025"\n'
    expect(days(file, { symbol: 'USD/COP' })).toEqual([
      ['2025-08-22', '4034.18'],
      ['2025-08-23', '4008.70'],
    ])
  })

  it('reads tabs, a day and a time in two columns, and files without a header', () => {
    expect(days('Date\tClose\n2025-01-02\t5\n2025-01-03\t6')).toHaveLength(2)
    const metaTrader = '2025.01.02,09:00,1.1,1.2,1.0,1.15,7\n2025.01.02,09:05,1.15,1.2,1.1,1.16,8\n'
    const { bars, intervalSeconds, rowCount } = parse(metaTrader)
    expect(bars.map((bar) => bar.line)).toEqual([1, 2])
    expect(rowCount).toBe(2)
    expect(intervalSeconds).toBe(300)
  })

  it("folds yfinance's header of three lines", () => {
    const file =
      'Price,Close,High,Low,Open,Volume\nTicker,X,X,X,X,X\nDate,,,,,\n2025-01-02,11,12,9,10,5\n2025-01-03,12,13,11,11,6'
    expect(parse(file).bars[0]).toMatchObject({ line: 4, open: '10', high: '12', low: '9', close: '11' })
  })

  it.each([
    [
      'Stooq',
      '<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\nX,5,20250102,093000,1,3,1,2,9,0\nX,5,20250102,093500,1,3,1,2,9,0',
      '2025-01-02T09:30:00.000Z',
      '2',
    ],
    [
      'Nasdaq',
      'Date,Close/Last,Volume,Open,High,Low\n01/03/2025,$2.50,5,$2,$3,$1\n12/31/2024,$2,5,$2,$3,$1',
      '2024-12-31T00:00:00.000Z',
      '2',
    ],
    [
      'Investing.com',
      '"Date","Price","Open","High","Low","Vol.","Change %"\n"01/13/2025","4,008.70","4,000.00","4,020.00","3,990.00","1.2M","0.55%"\n"01/10/2025","4,001.00","4,000.00","4,020.00","3,990.00","","0.1%"',
      '2025-01-10T00:00:00.000Z',
      '4001.00',
    ],
    [
      'Binance',
      '1735776000000,1,3,1,2,9,1735862399999,0,0,0,0,0\n1735862400000,1,3,1,2.5,9,1735948799999,0,0,0,0,0',
      '2025-01-02T00:00:00.000Z',
      '2',
    ],
    [
      'Binance since 2025',
      '1735776000000000,1,3,1,2,9,1735862399999999,0,0,0,0,0\n1735862400000000,1,3,1,2.5,9,1735948799999999,0,0,0,0,0',
      '2025-01-02T00:00:00.000Z',
      '2',
    ],
    [
      'CryptoDataDownload',
      'https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume BTC,Volume USD\n1735776000,2025-01-02 00:00:00,BTC/USD,1,3,1,2,9,18\n1735862400,2025-01-03 00:00:00,BTC/USD,1,3,1,2.5,9,18',
      '2025-01-02T00:00:00.000Z',
      '2',
    ],
    [
      'FRED',
      'observation_date,DEXCOUS\n2025-01-02,4400.5\n2025-01-03,.\n2025-01-06,4410',
      '2025-01-02T00:00:00.000Z',
      '4400.5',
    ],
    [
      'a central bank',
      'Fecha (dd/mm/aaaa);Tasa de cambio\n31/12/2024;4.409,15\n30/12/2024;4.400,00',
      '2024-12-30T00:00:00.000Z',
      '4400.00',
    ],
    [
      'Excel with short years and empty rows',
      'Date,Close\n12/30/24,5\n12/31/24,6\n,\n,,\n',
      '2024-12-30T00:00:00.000Z',
      '5',
    ],
    [
      'yfinance with offsets',
      'Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2025-01-02 00:00:00-05:00,1,3,1,2,9,0.0,0.0\n2025-01-03 00:00:00-05:00,1,3,1,2,9,0.0,0.0',
      '2025-01-02T05:00:00.000Z',
      '2',
    ],
  ])('reads the form of %s', (_name, file, first, close) => {
    const { bars } = parse(file)
    expect(new Date(bars[0]?.openedAtMs ?? 0).toISOString()).toBe(first)
    expect(bars[0]?.close).toBe(close)
    expect(bars.length).toBe(2)
  })

  it('keeps every clean row and names line and reason of each dirty one', () => {
    const file = [
      'Date,Open,High,Low,Close,Volume',
      GOOD[0],
      '2025-01-03,11,12,ten,12,200',
      '2025-01-03,11,12,10,NA,200',
      '2025-02-30,11,12,10,12,200',
      '2025-01-04,11,12,10,12',
      '2025-01-02,10,12,9,11,100',
      '1825-01-04,11,12,10,12,5',
      '2031-01-04,11,12,10,12,5',
      '2025-01-05,"11,12,10,12,5',
      'some, words',
      GOOD[1],
      '',
      GOOD[2],
    ].join('\n')
    expect(days(file)).toEqual([
      ['2025-01-02', '11'],
      ['2025-01-03', '12'],
      ['2025-01-06', '13'],
    ])
    expect(reasons(file)).toEqual([
      [3, 'BAD_NUMBER'],
      [4, 'MISSING_VALUE'],
      [5, 'BAD_DATE'],
      [6, 'WRONG_COLUMN_COUNT'],
      [7, 'DUPLICATE_TIMESTAMP'],
      [8, 'DATE_OUT_OF_RANGE'],
      [9, 'DATE_OUT_OF_RANGE'],
      [10, 'BROKEN_QUOTES'],
      [11, 'WRONG_COLUMN_COUNT'],
    ])
    const { bars, rejected, rowCount } = parse(file)
    expect(bars.length + rejected.length).toBe(rowCount)
    expect(rejected[0]).toMatchObject({ detail: 'low is "ten"', text: '2025-01-03,11,12,ten,12,200' })
  })

  it('loses no row, whatever the rows hold', () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '',
        'NA',
        '"',
        '2025-01-02',
        '01/02/2025',
        '1,234.5',
        '-1',
        '1e5',
        '$3',
        '\u0000x'.slice(1),
      ),
      fc.string({ maxLength: 6 }).map((text) => text.replaceAll(/[\r\n\0#]/g, '')),
      fc.integer({ min: 1, max: 9999 }).map(String),
    )
    const row = fc.array(cell, { minLength: 1, maxLength: 7 }).map((cells) => `x${cells.join(',')}`)
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const file = ['date,open,high,low,close,volume', ...GOOD, ...rows].join('\n')
        const { bars, rejected, rowCount } = parse(file, { dateFormat: 'YYYY-MM-DD', decimalSign: 'point' })
        expect(rowCount).toBe(GOOD.length + rows.length)
        expect(bars.length + rejected.length).toBe(rowCount)
        expect(bars.map(({ line }) => line).slice(0, 3)).toEqual([2, 3, 4])
      }),
    )
  })

  it('leaves it to the server to judge values, so that the rule exists once', () => {
    expect(parse('date,open,high,low,close\n2025-01-02,10,8,9,-11\n2025-01-03,1,1,1,1').bars).toHaveLength(2)
  })

  it('accepts a trailing separator and a missing volume', () => {
    const file = 'date,open,high,low,close,volume\n2025-01-02,10,12,9,11,,\n2025-01-03,10,12,9,11,-,'
    expect(parse(file).bars.map((bar) => bar.volume)).toEqual(['0', '0'])
  })

  it('infers the interval by the most common step', () => {
    expect(parse(`date,close\n2025-01-02,1\n2025-01-03,1\n2025-01-06,1\n2025-01-07,1`).intervalSeconds).toBe(
      86_400,
    )
    expect(parse('date,close\n2025-01-31,1\n2025-02-28,1\n2025-03-31,1').intervalSeconds).toBe(30 * 86_400)
    expect(parse('time,close\n1735811400,1\n1735811700,1\n1735812900,1\n1735813200,1').intervalSeconds).toBe(
      300,
    )
    expect(() => parse('date,close\n2025-01-02,1')).toThrow('give --interval')
    expect(parse('date,close\n2025-01-02,1', { intervalSeconds: 3600 }).intervalSeconds).toBe(3600)
  })

  it.each([
    ['an empty file', '\n\n', 'the file is empty'],
    ['a spreadsheet', 'PK\u0003\u0004\u0000', 'no text file'],
    ['returns instead of prices', 'date,monthly return\n2025-01-31,0.01\n2025-02-28,0.02', 'no price column'],
    ['a header alone', 'date,close\n', 'no row'],
    ['no date column', 'a,close\n1,2', 'no date column: the columns are "a", "close"'],
    ['no price column', 'date,HAM1,HAM2\n1996-01-31,0.0074,0.01', 'no price column'],
    ['dates of two readings', 'date,close\n03/04/2024,1\n05/06/2024,2', 'give --date-format'],
    ['numbers of two readings', 'date;close\n2024-01-02;1,234\n2024-01-03;1,235', 'give --decimal'],
  ])('refuses %s with one sentence', (_title, file, sentence) => {
    expect(() => parse(file)).toThrow(BarsFileError)
    expect(() => parse(file)).toThrow(sentence)
  })

  it('follows an explicit date format and decimal sign', () => {
    expect(
      days('date;close\n03/04/2024;1,234\n05/06/2024;1,235', {
        dateFormat: 'DD/MM/YYYY',
        decimalSign: 'comma',
      }),
    ).toEqual([
      ['2024-04-03', '1.234'],
      ['2024-06-05', '1.235'],
    ])
  })
})
