import { describe, expect, test } from 'vitest'
import { call, generation, image, problemOf, server } from './site.ts'

/** Signed addresses that somebody has changed. */
export function tryMediaAddresses(): void {
  describe('media addresses', () => {
    const change = (name: string, value: string | null) => {
      const url = new URL(generation.outputs[0]?.urls.content ?? '', server.origin)
      if (value === null) url.searchParams.delete(name)
      else url.searchParams.set(name, value)
      return `${url.pathname}${url.search}`
    }

    test('are worth nothing when a letter of them was changed', async () => {
      const future = String(Math.round(Date.now() / 1000) + 10_000_000)
      const changed = [
        change('signature', null),
        change('signature', ''),
        change('signature', 'A'.repeat(43)),
        change('signature', 'ü'),
        change('expires', future),
        change('expires', '1'),
        change('expires', 'never'),
        change('expires', null),
        change('rendition', 'poster'),
        change('rendition', '../original'),
        change('account', 'acc_01m7wj059erp1pbpamx8hd05sj'),
        change('account', null),
        change('signature', 'x').replace(generation.outputs[0]?.id ?? '', image.id),
        `/v1/assets/${image.id}/content${new URL(change('download', '1'), server.origin).search}`,
        `/v1/assets/..%2f..%2fkeys/content${new URL(change('download', '1'), server.origin).search}`,
      ]
      for (const address of changed) {
        const { code } = await problemOf(await call(address, { key: null }))
        expect([address, code]).toEqual([address, 'signature_invalid'])
      }
      // Not even whose it is gets in without the signature.
      expect((await problemOf(await call(change('signature', null)))).code).toBe('signature_invalid')
    })
  })
}
