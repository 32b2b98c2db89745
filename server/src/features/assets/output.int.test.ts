import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Asset, newId, type Provenance } from '@backlot/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AssetRoom, createAssetRoom } from '../../../test/asset-room.ts'
import { generatedFileManifest, type MediaEngine, type MediaProbe } from '../../media/index.ts'
import { makeTestSigner } from '../../media/test-certificates.ts'
import { makeTestClip } from '../../media/test-clips.ts'
import { type AssetOptions, type Assets, createAssets, type OutputFacts, type SignFile } from './index.ts'

let room: AssetRoom
let directory: string
let clip: string
let sign: SignFile | null
let rootPem: string
let probed: MediaProbe

beforeAll(async () => {
  const signer = await makeTestSigner()
  rootPem = signer.rootPem
  room = await createAssetRoom({ trustAnchorsPem: async () => rootPem })
  directory = await mkdtemp(path.join(tmpdir(), 'backlot-clips-'))
  clip = path.join(directory, 'clip.mp4')
  await makeTestClip({ output: clip, frames: 24 })
  probed = await room.media.probe(clip)
  const { signing } = await room.media.capabilities()
  const manifest = generatedFileManifest({
    serviceName: 'Backlot',
    serviceVersion: '0.1.0',
    outputId: 'x',
    mimeType: 'video/mp4',
    modelId: 'draft',
    modelVersion: '1',
    at: new Date(),
    source: 'algorithmic',
    reverseDomain: 'com.example',
    verifyUrl: 'https://example.com/verify',
  })
  const order = {
    manifest,
    signer: {
      certificateChainPem: signer.chainPem,
      privateKeyPem: signer.keyPem,
      algorithm: 'es256' as const,
    },
    mimeType: 'video/mp4',
  }
  sign = signing.isAvailable
    ? async (inPath, outPath) => {
        await room.media.sign(inPath, outPath, order)
      }
    : null
})
afterAll(async () => {
  await room.close()
  await rm(directory, { recursive: true, force: true })
})

/** For tests that are not about the media: every file is what the real engine said of the clip. */
function quickRoom(overrides: Partial<AssetOptions> = {}): Assets {
  const written = { mimeType: 'image/jpeg', bytes: 6, width: 320, height: 180 }
  const write = async (_input: string, output: string) => {
    await writeFile(output, 'quick!')
    return written
  }
  const media: MediaEngine = {
    ...room.media,
    probe: async () => probed,
    poster: write,
    preview: write,
    webMp4: async () => 'as-is',
    streamHash: async () => 'ab'.repeat(32),
  }
  return createAssets({ ...room.options, media, ...overrides })
}

async function facts(overrides: Partial<OutputFacts> = {}): Promise<OutputFacts> {
  return {
    accountId: await room.createAccount(),
    assetId: newId('ast'),
    generationId: newId('gen'),
    outputIndex: 0,
    fileName: 'gen-1.mp4',
    sign,
    ...overrides,
  }
}

const deliver = async (order: OutputFacts, assets: Assets): Promise<Asset> => {
  const stored = await assets.ingestOutput(clip, order)
  await room.db.transaction((tx) => room.assets.insertOutput(tx, stored))
  return room.assets.get(order.accountId, order.assetId)
}

describe('an output', () => {
  test('becomes an asset: signed, described, playable, with poster and preview', async () => {
    const order = await facts()
    const asset = await deliver(order, room.assets)
    expect(asset).toMatchObject({
      kind: 'video',
      source: 'output',
      generation_id: order.generationId,
      file_name: 'gen-1.mp4',
      mime_type: 'video/mp4',
      width: 320,
      height: 180,
      frame_rate: 24,
      credentials: sign ? 'signed' : 'unsigned',
      deletes_at: new Date(room.clock.now().getTime() + 30 * 86_400_000).toISOString(),
    })
    expect(Math.abs((asset.duration_ms ?? 0) - 1000)).toBeLessThan(100)
    // What plays everywhere already is not stored twice.
    expect(await room.stored()).toEqual(
      ['original', 'poster', 'preview'].map((name) => `${order.accountId}/${order.assetId}.${name}`),
    )
    const original = await room.fetch(asset.urls.content, null)
    const web = await room.fetch(asset.urls.web ?? '', null)
    expect(web.headers.get('etag')).toBe(original.headers.get('etag'))
    const downloaded = path.join(directory, 'downloaded.mp4')
    await writeFile(downloaded, Buffer.from(await original.arrayBuffer()))
    await web.arrayBuffer()
    const [row] = await room.db.query<{ stream_sha256: string }>(
      'select stream_sha256 from assets where id = $1',
      [asset.id],
    )
    expect(row?.stream_sha256).toBe(await room.media.streamHash(clip))
    expect(await room.media.streamHash(downloaded)).toBe(row?.stream_sha256)
    for (const [url, type] of [
      [asset.urls.poster, 'image/jpeg'],
      [asset.urls.preview, 'video/mp4'],
    ]) {
      const shown = await room.fetch(url ?? '', null)
      expect([shown.status, shown.headers.get('content-type')]).toEqual([200, type])
      expect((await shown.arrayBuffer()).byteLength).toBeGreaterThan(500)
    }
    expect(await room.eventsOf(order.accountId)).toEqual([`asset.created ${asset.id}`])
    expect(await room.working()).toEqual([])

    const answer = await room.fetch(`/v1/assets/${asset.id}/provenance`, order.accountId)
    const provenance = (await answer.json()) as Provenance
    expect(provenance.sha256).toBe(asset.sha256)
    if (sign) {
      expect(provenance).toMatchObject({ state: 'trusted', model: 'draft' })
      expect(provenance.digital_source_type).toContain('algorithmicMedia')
    }
  })

  test('collected again after a crash at any object overwrites what is there and leaves no orphan', async () => {
    const order = await facts({ sign: null })
    for (let survived = 0; survived < 3; survived += 1) {
      let puts = 0
      const crashing = quickRoom({
        objects: {
          ...room.objects,
          put: async (...given) => {
            if (puts === survived) throw new Error('killed')
            puts += 1
            return room.objects.put(...given)
          },
        },
      })
      await expect(crashing.ingestOutput(clip, order)).rejects.toThrow('killed')
      await expect(room.assets.get(order.accountId, order.assetId)).rejects.toMatchObject({
        code: 'not_found',
      })
    }
    const asset = await deliver(order, quickRoom())
    const mine = (await room.stored()).filter((name) => name.startsWith(order.accountId))
    expect(mine).toEqual(
      ['original', 'poster', 'preview'].map((name) => `${order.accountId}/${asset.id}.${name}`),
    )
    const content = await room.fetch(asset.urls.content, null)
    expect(Buffer.from(await content.arrayBuffer()).equals(await readFile(clip))).toBe(true)
    expect(await room.working()).toEqual([])
  })

  test('that was delivered meanwhile is not overwritten', async () => {
    const order = await facts({ sign: null })
    const asset = await deliver(order, quickRoom())
    const puts: string[] = []
    const late = quickRoom({
      objects: {
        ...room.objects,
        put: async (...given) => {
          puts.push(given[1])
          return room.objects.put(...given)
        },
      },
    })
    const again = await late.ingestOutput(clip, order)
    expect(puts).toEqual([])
    expect(again).toMatchObject({ assetId: asset.id, sha256: asset.sha256, source: 'output' })
  })

  test('whose delivery is rolled back does not show', async () => {
    const order = await facts({ sign: null })
    const stored = await quickRoom().ingestOutput(clip, order)
    const failing = room.db.transaction(async (tx) => {
      await room.assets.insertOutput(tx, stored)
      throw new Error('the ledger said no')
    })
    await expect(failing).rejects.toThrow('the ledger said no')
    await expect(room.assets.get(order.accountId, order.assetId)).rejects.toMatchObject({ code: 'not_found' })
    expect(await room.eventsOf(order.accountId)).toEqual([])
  })

  test('that does not play everywhere gets a signed version that does', async () => {
    const signed: string[] = []
    const converting = quickRoom({
      media: {
        ...room.media,
        probe: async () => probed,
        webMp4: async (input, output) => {
          await copyFile(input, output)
          return 'encoded'
        },
      },
    })
    const order = await facts({
      sign: async (inPath, outPath) => {
        signed.push(path.basename(inPath))
        await writeFile(
          outPath,
          Buffer.concat([await readFile(inPath), Buffer.from([0, 0, 0, 8]), Buffer.from('free')]),
        )
      },
    })
    const stored = await converting.ingestOutput(clip, order)
    expect(signed).toEqual(['clip.mp4', 'web.mp4'])
    expect(stored.renditions.web?.objectKey).toBe(`${order.assetId}.web`)
    expect(stored.renditions.web?.bytes).toBe(stored.bytes + 8)
    expect(stored.credentials).toBe('signed')
  })

  test('that is no video is refused, and nothing stays', async () => {
    const broken = path.join(directory, 'broken.mp4')
    await writeFile(broken, '<html>the upstream has sent a page</html>')
    const order = await facts({ sign: null })
    await expect(room.assets.ingestOutput(broken, order)).rejects.toMatchObject({ code: 'media_unsupported' })
    expect((await room.stored()).filter((name) => name.startsWith(order.accountId))).toEqual([])
    expect(await room.working()).toEqual([])
  })
})

test('deleting a generation deletes its outputs with it, or not at all', async () => {
  const order = await facts({ sign: null })
  const asset = await deliver(order, quickRoom())
  const rolledBack = room.db.transaction(async (tx) => {
    await room.assets.deleteOfGeneration(tx, order.accountId, order.generationId)
    throw new Error('no')
  })
  await expect(rolledBack).rejects.toThrow('no')
  expect((await room.fetch(asset.urls.content, null, { method: 'HEAD' })).status).toBe(200)
  await room.db.transaction((tx) => room.assets.deleteOfGeneration(tx, order.accountId, order.generationId))
  expect((await room.fetch(asset.urls.content, null)).status).toBe(410)
  await room.assets.settle()
  expect((await room.stored()).filter((name) => name.startsWith(order.accountId))).toEqual([])
  expect(await room.eventsOf(order.accountId)).toEqual([
    `asset.created ${asset.id}`,
    `asset.deleted ${asset.id}`,
  ])
})
