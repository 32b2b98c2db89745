import { expect, test } from 'vitest'
import { createSlots } from './slots.ts'

function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

test('no more run at once than there are slots, and the rest come in order', async () => {
  const slots = createSlots(2)
  const gates = [gate(), gate(), gate(), gate()]
  const started: number[] = []
  const runs = gates.map((one, index) =>
    slots.run(async () => {
      started.push(index)
      await one.opened
    }),
  )
  await Promise.resolve()
  expect(started).toEqual([0, 1])
  gates[1]?.open()
  await runs[1]
  await Promise.resolve()
  expect(started).toEqual([0, 1, 2])
  for (const one of gates) one.open()
  await Promise.all(runs)
  expect(started).toEqual([0, 1, 2, 3])
})

test('an aborted waiter leaves the line and the slot goes to the next', async () => {
  const slots = createSlots(1)
  const first = gate()
  const running = slots.run(() => first.opened)
  const abort = new AbortController()
  const gone = slots.run(async () => 'never', abort.signal)
  const next = slots.run(async () => 'next')
  abort.abort(new Error('changed my mind'))
  await expect(gone).rejects.toThrow('changed my mind')
  first.open()
  await running
  expect(await next).toBe('next')
})

test('a failing job gives its slot back', async () => {
  const slots = createSlots(1)
  await expect(slots.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await slots.run(async () => 1)).toBe(1)
})
