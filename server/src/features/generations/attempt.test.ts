import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ErrorKind } from '../../providers/provider.ts'
import {
  type Attempt,
  type AttemptState,
  attemptsMax,
  decide,
  newestAttempt,
  outputAction,
} from './attempt.ts'

const states: AttemptState[] = [
  'intended',
  'accepted',
  'uncertain',
  'succeeded',
  'failed',
  'never_sent',
  'canceled',
  'abandoned',
]
const kinds: ErrorKind[] = ['user', 'policy', 'funds', 'busy', 'upstream', 'ours']

function attempt(state: AttemptState, fields: Partial<Attempt> = {}): Attempt {
  return {
    id: 'att_1',
    outputIndex: 0,
    number: 1,
    state,
    provider: 'draft',
    operation: null,
    assetId: null,
    errorKind: state === 'failed' ? 'upstream' : null,
    checksFailed: 0,
    createdAt: new Date(0),
    acceptedAt: null,
    ...fields,
  }
}

const anyAttempt = fc
  .record({
    state: fc.constantFrom(...states),
    number: fc.integer({ min: 1, max: attemptsMax }),
    errorKind: fc.constantFrom(...kinds),
  })
  .map(({ state, number, errorKind }) =>
    attempt(state, { number, errorKind: state === 'failed' ? errorKind : null }),
  )

describe('outputAction', () => {
  test('what may have reached the upstream is never sent again', () => {
    fc.assert(
      fc.property(anyAttempt, fc.boolean(), (newest, cancelAsked) => {
        const ambiguous = ['intended', 'uncertain', 'accepted', 'succeeded', 'abandoned'].includes(
          newest.state,
        )
        if (ambiguous) expect(outputAction(newest, cancelAsked)).not.toBe('start')
      }),
    )
  })

  test('tries end', () => {
    expect(outputAction(attempt('never_sent'), false)).toBe('start')
    expect(outputAction(attempt('never_sent', { number: attemptsMax }), false)).toBe('none')
    expect(outputAction(attempt('failed', { errorKind: 'policy' }), false)).toBe('none')
    expect(outputAction(attempt('failed', { number: attemptsMax }), false)).toBe('none')
  })

  test('a canceled generation starts nothing new', () => {
    expect(outputAction(undefined, true)).toBe('none')
    expect(outputAction(attempt('never_sent'), true)).toBe('none')
  })
})

describe('decide', () => {
  test('work that is under way decides before what has ended', () => {
    expect(decide([attempt('succeeded'), attempt('accepted')], false)).toEqual({ next: 'running' })
    expect(decide([attempt('succeeded'), attempt('uncertain')], false)).toEqual({ next: 'uncertain' })
    expect(decide([attempt('succeeded'), undefined], false)).toEqual({ next: 'starting' })
  })

  test('one success is collected even when another output failed or a cancel came late', () => {
    const failed = attempt('failed', { errorKind: 'policy' })
    expect(decide([attempt('succeeded'), failed], false)).toEqual({ next: 'collecting' })
    expect(decide([attempt('succeeded')], true)).toEqual({ next: 'collecting' })
  })

  test('no success ends as blocked, failed or canceled, with words that say nothing was charged', () => {
    const blocked = decide([attempt('failed', { errorKind: 'policy' })], false)
    expect(blocked).toMatchObject({ next: 'blocked', fault: { code: 'output_blocked' } })
    expect(decide([attempt('abandoned')], false)).toMatchObject({
      next: 'failed',
      fault: { code: 'provider_timeout' },
    })
    expect(decide([undefined], true)).toEqual({ next: 'canceled' })
    expect(decide([attempt('canceled'), attempt('never_sent')], true)).toEqual({ next: 'canceled' })
  })

  test('it never ends while an output could still be made or paid for', () => {
    fc.assert(
      fc.property(
        fc.array(anyAttempt, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (newest, cancelAsked) => {
          const open = newest.some((one) => ['intended', 'uncertain', 'accepted'].includes(one.state))
          const decision = decide(newest, cancelAsked)
          if (open) expect(['running', 'uncertain']).toContain(decision.next)
          if ('fault' in decision) expect(decision.fault.message).toContain('Nothing was charged')
        },
      ),
    )
  })
})

test('the newest attempt of an output is the one with the highest number', () => {
  const list = [
    attempt('failed', { number: 1 }),
    attempt('accepted', { number: 3 }),
    attempt('failed', { number: 2 }),
  ]
  expect(newestAttempt(list, 0)?.number).toBe(3)
  expect(newestAttempt(list, 1)).toBeUndefined()
})
