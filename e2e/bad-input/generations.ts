import { promptCharactersMax } from '@backlot/contract'
import { describe, expect, test } from 'vitest'
import { call, generation, good, post } from './site.ts'

/** Fields of a request to generate, one after the other. */
export function tryGenerations(): void {
  describe('a generation', () => {
    const fields: [string, Record<string, unknown>, string, string][] = [
      ['no prompt', { prompt: undefined }, 'prompt', 'required'],
      ['a prompt of nothing', { prompt: '' }, 'prompt', 'too_small'],
      ['a prompt of blanks', { prompt: ' \n\t ' }, 'prompt', 'too_small'],
      ['a prompt that is a number', { prompt: 7 }, 'prompt', 'invalid_type'],
      ['a prompt that is null', { prompt: null }, 'prompt', 'invalid_type'],
      ['a prompt that is a list', { prompt: ['a pier'] }, 'prompt', 'invalid_type'],
      ['a prompt above the limit', { prompt: 'x'.repeat(promptCharactersMax + 1) }, 'prompt', 'too_big'],
      ['a prompt with a character that is none', { prompt: 'a\u0000pier' }, 'prompt', 'invalid_format'],
      ['a model with one', { model: 'draft\u0000' }, 'model', 'invalid_format'],
      ['no model', { model: undefined }, 'model', 'required'],
      ['a model that is an object', { model: { id: 'draft' } }, 'model', 'invalid_type'],
      ['a model name too long', { model: 'm'.repeat(101) }, 'model', 'too_big'],
      ['seconds as text', { seconds: '2' }, 'seconds', 'invalid_type'],
      ['half a second', { seconds: 2.5 }, 'seconds', 'invalid_type'],
      ['no seconds at all', { seconds: 0 }, 'seconds', 'too_small'],
      ['negative seconds', { seconds: -2 }, 'seconds', 'too_small'],
      ['very many seconds', { seconds: 1e15 }, 'seconds', 'too_big'],
      ['more than a number holds', { seconds: 1e300 }, 'seconds', 'too_big'],
      ['a shape that does not exist', { aspect_ratio: '5:4' }, 'aspect_ratio', 'invalid_value'],
      ['a size that does not exist', { resolution: '8k' }, 'resolution', 'invalid_value'],
      ['a negative seed', { seed: -1 }, 'seed', 'too_small'],
      ['a seed too large', { seed: 2 ** 31 }, 'seed', 'too_big'],
      ['a fractional seed', { seed: 0.5 }, 'seed', 'invalid_type'],
      ['no outputs', { n: 0 }, 'n', 'too_small'],
      ['too many outputs', { n: 5 }, 'n', 'too_big'],
      ['sound as text', { audio: 'yes' }, 'audio', 'invalid_type'],
      ['a negative bound on the cost', { max_cost: -1 }, 'max_cost', 'too_small'],
      ['a price version as text', { price_version: '1' }, 'price_version', 'invalid_type'],
      ['a reference too long', { reference_asset_id: 'a'.repeat(41) }, 'reference_asset_id', 'too_big'],
      ['a field that does not exist', { negative_prompt: 'blur' }, 'negative_prompt', 'unknown_field'],
      ['a field of another language', { Prompt: 'A PIER' }, 'Prompt', 'unknown_field'],
    ]
    test.each(fields)('%s is named', async (_name, change, field, code) => {
      const answer = await post('/v1/generations', { ...good, ...change })
      expect(answer).toMatchObject({ code: 'request_invalid', status: 422, charged: false })
      expect(answer.errors).toEqual([expect.objectContaining({ field, code })])
    })

    test('all wrong fields are named together', async () => {
      const answer = await post('/v1/generations', { ...good, seconds: 'x', n: 9, colour: 1 })
      expect(answer.errors?.map((one) => one.field).sort()).toEqual(['colour', 'n', 'seconds'])
    })

    test('values do not come back in the answer', async () => {
      const answer = await post('/v1/generations', { ...good, resolution: 'planted-value-991' })
      expect(JSON.stringify(answer)).not.toContain('planted-value')
    })

    const refused: [string, Record<string, unknown>, string, string | undefined][] = [
      [
        'a reference of no such image',
        { reference_asset_id: 'ast_01m7wj059erp1pbpamx8hd05sj' },
        'request_invalid',
        'reference_asset_id',
      ],
      [
        'a reference that is no id',
        { reference_asset_id: '../../etc/passwd' },
        'request_invalid',
        'reference_asset_id',
      ],
      [
        'a reference that is a generation',
        { reference_asset_id: 'GEN' },
        'request_invalid',
        'reference_asset_id',
      ],
      [
        'a reference that is a video',
        { reference_asset_id: 'VIDEO' },
        'request_invalid',
        'reference_asset_id',
      ],
      ['more seconds than the model makes', { seconds: 60 }, 'parameter_unsupported', 'seconds'],
      ['a bound below the price', { max_cost: 0 }, 'max_cost_exceeded', 'max_cost'],
      ['a price of another time', { price_version: 999_999 }, 'quote_changed', undefined],
    ]
    test.each(refused)('%s is refused', async (_name, change, code, field) => {
      const reference = { GEN: generation.id, VIDEO: generation.outputs[0]?.id }[
        String(change['reference_asset_id'])
      ]
      const body = { ...good, ...change, ...(reference ? { reference_asset_id: reference } : {}) }
      const answer = await post('/v1/generations', body)
      expect(answer).toMatchObject({ code, charged: false })
      expect(answer.errors?.map((one) => one.field)).toEqual(field ? [field] : undefined)
    })

    test('a prompt above the model’s own limit names the limit', async () => {
      const { data } = (await (await call('/v1/models')).json()) as {
        data: { id: string; capabilities: { prompt_characters_max: number } }[]
      }
      const limit = data.find((one) => one.id === 'draft')?.capabilities.prompt_characters_max ?? 0
      expect(limit).toBeGreaterThan(0)
      const answer = await post('/v1/generations', { ...good, prompt: 'x'.repeat(limit + 1) })
      expect(answer.errors?.map((one) => one.field)).toEqual(['prompt'])
    })

    test('an unknown model lists what exists', async () => {
      for (const address of ['/v1/generations', '/v1/quotes']) {
        const answer = await post(address, { ...good, model: 'sora-2' })
        expect(answer).toMatchObject({ code: 'model_unknown', available: expect.arrayContaining(['draft']) })
      }
    })

    test('a blocked prompt names its category', async () => {
      const answer = await post('/v1/generations', { ...good, prompt: 'hardcore porn, explicit sex' })
      expect(answer).toMatchObject({ code: 'prompt_blocked', status: 422, category: 'sexual_explicit' })
    })

    test.each([
      ['empty', ''],
      ['too long', 'k'.repeat(256)],
      ['with blanks', 'a b'],
      ['not ASCII', 'schl\u00fcssel'],
    ])('an Idempotency-Key that is %s', async (_name, value) => {
      const answer = await post('/v1/generations', good, { headers: { 'idempotency-key': value } })
      expect(answer).toMatchObject({ code: 'request_invalid' })
      expect(answer.errors?.[0]).toMatchObject({ field: 'idempotency-key', code: 'invalid_format' })
    })
  })
}
