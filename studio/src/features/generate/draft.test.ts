import { createGeneration, type Model } from '@backlot/contract'
import { expect, test } from 'vitest'
import { type Draft, emptyDraft, fitToModel, toRequest } from './draft.ts'

const silent: Model = {
  id: 'silent',
  name: 'Silent',
  description: '',
  is_draft: false,
  enabled: true,
  verified: 'contract',
  capabilities: {
    output: 'video',
    aspect_ratios: ['9:16', '1:1'],
    resolutions: ['1080p'],
    seconds: { min: 5, max: 8 },
    outputs_max: 2,
    seed: false,
    audio: 'none',
    image_roles: [],
    cancel: false,
    prompt_characters_max: 500,
  },
  price: { version: 1, credits_per_second: 3 },
  typical_wait_seconds: null,
}

const draft: Draft = {
  ...emptyDraft,
  prompt: '  a kite  ',
  seconds: 12,
  n: 4,
  seed: 7,
  reference: { id: 'ast_1', url: '/x', name: 'x.png' },
}

test('a draft is moved to what the model can do', () => {
  expect(fitToModel(draft, silent)).toEqual({
    ...draft,
    model: 'silent',
    seconds: 8,
    aspect_ratio: '9:16',
    resolution: '1080p',
    n: 2,
    seed: null,
    audio: false,
    reference: null,
  })
})

test('fitting twice changes nothing more', () => {
  const once = fitToModel(draft, silent)
  expect(fitToModel(once, silent)).toEqual(once)
})

test('a draft becomes a request that the contract accepts', () => {
  const request = toRequest({ ...draft, model: 'draft' })
  expect(createGeneration.parse(request)).toEqual(request)
  expect(request.prompt).toBe('a kite')
})
