import { finalStates, generationState } from '@backlot/contract'
import { expect, test } from 'vitest'
import { chargeWords, estimateWords, isFinal, phaseWords, shorten } from './generation-words.ts'

test('the studio and the contract agree on which states are final', () => {
  for (const state of generationState.options) expect(isFinal(state)).toBe(finalStates.includes(state))
})

test('a place in line is told in words', () => {
  expect(phaseWords({ state: 'queued', phase: null, queue_place: 1 })).toBe('Next in line')
  expect(phaseWords({ state: 'queued', phase: null, queue_place: 3 })).toBe('Place 3 in line')
  expect(phaseWords({ state: 'queued', phase: null, queue_place: null })).toBe('In line')
  expect(phaseWords({ state: 'running', phase: 'drawing scenes', queue_place: null })).toBe('Drawing scenes')
})

test('an estimate is given only while something is left', () => {
  expect(estimateWords({ state: 'running', estimate_seconds: 9 })).toBe('about 9 s left')
  expect(estimateWords({ state: 'running', estimate_seconds: null })).toBeNull()
  expect(estimateWords({ state: 'delivered', estimate_seconds: 9 })).toBeNull()
})

test('what an end without a result cost', () => {
  expect(chargeWords({ credits: { quoted: 4, held: 0, charged: 0, price_version: 1 } })).toBe(
    'Nothing was charged.',
  )
})

test('a long prompt is cut at a space and never inside a character', () => {
  expect(shorten('A red kite over a harbour at dawn', 20)).toBe('A red kite over a…')
  expect(shorten('  short\n prompt ', 20)).toBe('short prompt')
  expect(shorten('😀'.repeat(30), 10)).toBe(`${'😀'.repeat(9)}…`)
})
