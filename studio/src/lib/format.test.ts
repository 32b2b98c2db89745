import { expect, test } from 'vitest'
import {
  aboutDuration,
  ago,
  bitrate,
  bytes,
  clock,
  count,
  credits,
  dayInWords,
  deletesIn,
  price,
  signed,
} from './format.ts'

const nowMs = Date.parse('2026-11-20T12:00:00Z')

test('credits agree with their number', () => {
  expect(credits(1)).toBe('1 credit')
  expect(credits(0)).toBe('0 credits')
  expect(credits(1200)).toBe('1,200 credits')
  expect(count(-4)).toBe('−4')
  expect(signed(100)).toBe('+100')
  expect(signed(-4)).toBe('−4')
  expect(signed(0)).toBe('0')
  expect(price(0.25)).toBe('0.25')
})

test('a clock shows minutes, and hours only when there are some', () => {
  expect(clock(7.9)).toBe('0:07')
  expect(clock(760)).toBe('12:40')
  expect(clock(3723)).toBe('1:02:03')
  expect(clock(-3)).toBe('0:00')
})

test('a guess is no finer than it deserves', () => {
  expect(aboutDuration(2)).toBe('a few seconds')
  expect(aboutDuration(9.4)).toBe('about 9 s')
  expect(aboutDuration(52)).toBe('about 50 s')
  expect(aboutDuration(200)).toBe('about 3 min')
  expect(aboutDuration(9000)).toBe('about 2.5 h')
})

test('the end of a file is named in whole days, then hours', () => {
  expect(deletesIn('2026-11-25T13:00:00Z', nowMs)).toBe('deletes in 5 days')
  expect(deletesIn('2026-11-21T13:00:00Z', nowMs)).toBe('deletes in 25 hours')
  expect(deletesIn('2026-11-20T13:00:00Z', nowMs)).toBe('deletes in 1 hour')
  expect(deletesIn('2026-11-20T12:20:00Z', nowMs)).toBe('deletes within the hour')
  expect(deletesIn('2026-11-20T11:59:00Z', nowMs)).toBe('being deleted')
})

test('days carry the year only when it is another one', () => {
  expect(dayInWords('2026-12-20T12:00:00Z', nowMs)).toBe('20 December')
  expect(dayInWords('2027-01-03T12:00:00Z', nowMs)).toBe('3 January 2027')
})

test('how long ago', () => {
  expect(ago('2026-11-20T11:59:30Z', nowMs)).toBe('just now')
  expect(ago('2026-11-20T11:55:00Z', nowMs)).toBe('5 min ago')
  expect(ago('2026-11-20T11:00:00Z', nowMs)).toBe('1 hour ago')
  expect(ago('2026-11-18T12:00:00Z', nowMs)).toBe('2 days ago')
})

test('sizes and rates have decimal units', () => {
  expect(bytes(999)).toBe('999 B')
  expect(bytes(1_440_000)).toBe('1.4 MB')
  expect(bitrate(820_000)).toBe('820 kbit/s')
  expect(bitrate(2_400_000)).toBe('2.4 Mbit/s')
})
