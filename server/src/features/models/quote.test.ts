import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogue } from './catalogue.ts'
import { capabilityFaults, creditsForDelivered, frameSize, quoteCredits } from './quote.ts'

describe('quoteCredits', () => {
  test('rounds up once, over the whole generation', () => {
    expect(quoteCredits(10_000, 4, 1)).toBe(4)
    expect(quoteCredits(3_333, 3, 1)).toBe(1)
    expect(quoteCredits(3_334, 3, 1)).toBe(2)
    expect(quoteCredits(12_500, 3, 2)).toBe(8)
    expect(quoteCredits(0, 12, 4)).toBe(0)
  })

  test('is never below the exact price and less than one credit above it', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000_000),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 4 }),
        (rate, s, n) => {
          const exactE4 = rate * s * n
          const quotedE4 = quoteCredits(rate, s, n) * 10_000
          expect(quotedE4).toBeGreaterThanOrEqual(exactE4)
          expect(quotedE4 - exactE4).toBeLessThan(10_000)
        },
      ),
    )
  })
})

test('a part of the outputs costs its share, all of them the quote, none nothing', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 4 }), (quoted, outputs) => {
      expect(creditsForDelivered(quoted, outputs, outputs)).toBe(quoted)
      expect(creditsForDelivered(quoted, 0, outputs)).toBe(0)
      for (let delivered = 1; delivered < outputs; delivered += 1) {
        const charged = creditsForDelivered(quoted, delivered, outputs)
        expect(charged).toBeLessThanOrEqual(quoted)
        expect(charged).toBeGreaterThanOrEqual(creditsForDelivered(quoted, delivered - 1, outputs))
      }
    }),
  )
})

test('frame sizes are the usual ones, and even', () => {
  expect(frameSize('16:9', '720p')).toEqual({ width: 1280, height: 720 })
  expect(frameSize('9:16', '1080p')).toEqual({ width: 1080, height: 1920 })
  expect(frameSize('1:1', '480p')).toEqual({ width: 480, height: 480 })
  expect(frameSize('16:9', '480p')).toEqual({ width: 854, height: 480 })
})

test('each parameter that a model cannot honour is named', () => {
  const draft = catalogue[0]
  if (!draft) throw new Error('the catalogue is empty')
  const asked = { seconds: 4, aspect_ratio: '16:9', resolution: '720p', n: 1, audio: true } as const
  expect(capabilityFaults(draft.capabilities, asked)).toEqual([])
  const narrow = { ...draft.capabilities, resolutions: ['480p' as const], image_roles: [], seed: false }
  const faults = capabilityFaults(narrow, {
    ...asked,
    seconds: 60,
    n: 9,
    seed: 1,
    reference_asset_id: 'ast_x',
    prompt: 'x'.repeat(2001),
  })
  expect(faults.map((fault) => fault.field)).toEqual([
    'seconds',
    'resolution',
    'n',
    'seed',
    'reference_asset_id',
    'prompt',
  ])
})
