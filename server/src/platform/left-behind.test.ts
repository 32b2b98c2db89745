import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { isLeftBehind, ownerMark } from './left-behind.ts'

const now = new Date('2026-11-20T12:00:00Z')
const hoursAgo = (hours: number) => async () => new Date(now.getTime() - hours * 3_600_000)
const [host, pid] = ownerMark.split('-')

test('what this life made is its own, however old', async () => {
  expect(await isLeftBehind(`${ownerMark}-output`, now, hoursAgo(1000))).toBe(false)
})

test('a former life of the same number, and a process that has ended, left theirs behind', async () => {
  expect(await isLeftBehind(`${host}-${pid}-00000000-output`, now, hoursAgo(0))).toBe(true)
  const ended = spawnSync(process.execPath, ['-e', '']).pid
  expect(await isLeftBehind(`${host}-${ended}-00000000`, now, hoursAgo(0))).toBe(true)
})

test('a process that runs keeps its own while it changes', async () => {
  const parent = `${host}-${process.ppid}-00000000`
  expect(await isLeftBehind(parent, now, hoursAgo(5))).toBe(false)
  // Its number may have gone to another program meanwhile.
  expect(await isLeftBehind(parent, now, hoursAgo(7))).toBe(true)
})

test('another machine is believed for six hours; what is gone is nobody’s to remove', async () => {
  expect(await isLeftBehind('ffffffff-1-00000000', now, hoursAgo(5))).toBe(false)
  expect(await isLeftBehind('ffffffff-1-00000000', now, hoursAgo(7))).toBe(true)
  expect(await isLeftBehind('no mark at all', now, async () => null)).toBe(false)
})
