export * from './calendar.ts'
export { CALENDAR_IDS, type CalendarId } from './rules.ts'
export { colombianHolidays } from './colombian-holidays.ts'
export { nyseEarlyCloses, nyseHolidays, usFederalHolidays } from './us-holidays.ts'
