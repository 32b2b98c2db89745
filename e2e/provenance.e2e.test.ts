import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Asset, type Generation, provenance } from '@backlot/contract'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDraftVideoModel } from '../server/src/providers/draft/index.ts'
import { client, makeOperator, operatorEmail } from './operator.ts'
import { type RunningServer, repository, startServer } from './server.ts'

const prompt = 'Zwölf Boote im Morgennebel, planted-prompt-5523'
let server: RunningServer
let key: string
let folder: string
let generation: Generation
let output: Asset
let video: Buffer
let rootFile: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'backlot-provenance-'))
  server = await startServer()
  key = (await makeOperator(server)).key
  const backlot = client(server, key)
  const made = await backlot.generate({ model: 'draft', prompt, seconds: 2, resolution: '480p', seed: 77 })
  generation = await backlot.wait(made.id, { deadlineMs: 90_000 })
  const [first] = generation.outputs
  if (!first) throw new Error(`nothing was delivered: ${JSON.stringify(generation.fault)}`)
  output = first
  video = Buffer.from(await (await backlot.content(output)).arrayBuffer())
  const root = await fetch(`${server.origin}/.well-known/backlot-content-credentials.pem`)
  expect(root.status).toBe(200)
  rootFile = path.join(folder, 'root.pem')
  await writeFile(rootFile, await root.text())
})

afterAll(async () => {
  await server?.stop().finally(() => server.dispose())
  await rm(folder, { recursive: true, force: true })
})

interface Reading {
  validation_state: string
  active_manifest: string
  manifests: Record<
    string,
    { signature_info: { issuer: string }; assertions: { label: string; data: unknown }[] }
  >
  failures: string[]
}

/** What the reader of the Content Authenticity Initiative says, in a process of its own that knows nothing of ours. */
async function read(bytes: Buffer, anchor: string | null): Promise<Reading> {
  const file = path.join(folder, `${createHash('sha256').update(bytes).digest('hex')}.mp4`)
  await writeFile(file, bytes)
  const script = `
    import { readFileSync } from 'node:fs'
    import { Reader } from '@contentauth/c2pa-node'
    const [file, anchor] = process.argv.slice(1)
    const trust = anchor ? { trust: { trust_anchors: readFileSync(anchor, 'utf8') } } : {}
    const settings = JSON.stringify({ ...trust, verify: { verify_trust: true, remote_manifest_fetch: false } })
    const reader = await Reader.fromAsset({ path: file, mimeType: 'video/mp4' }, settings)
    const store = reader.json()
    const failures = (store.validation_results?.activeManifest?.failure ?? []).map((one) => one.code)
    process.stdout.write(JSON.stringify({ ...store, failures }))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', script, file, ...(anchor ? [anchor] : [])],
    { cwd: path.join(repository, 'server'), timeout: 60_000, maxBuffer: 16_000_000 },
  )
  return JSON.parse(stdout) as Reading
}

/** The payloads of an MP4's top-level boxes of one type. */
function boxes(file: Buffer, wanted: string): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at + 8 <= file.length; ) {
    const short = file.readUInt32BE(at)
    const size = short === 1 ? Number(file.readBigUInt64BE(at + 8)) : short === 0 ? file.length - at : short
    if (size < 8) throw new Error(`a box of ${size} bytes at ${at}`)
    const type = file.toString('latin1', at + 4, at + 8)
    if (type === wanted) found.push(file.subarray(at + (short === 1 ? 16 : 8), at + size))
    at += size
  }
  return found
}

describe('the Content Credentials of a downloaded video', () => {
  let reading: Reading
  beforeAll(async () => {
    reading = await read(video, rootFile)
  })

  test('read back valid, and trusted by whoever takes the deployment’s root', async () => {
    expect(reading).toMatchObject({ validation_state: 'Trusted', failures: [] })
    const stranger = await read(video, null)
    // Without the root nothing is wrong with the file; one only does not know who signed it.
    expect(stranger.validation_state).toBe('Valid')
    expect(stranger.failures.filter((code) => code !== 'signingCredential.untrusted')).toEqual([])
  })

  test('say that plain code made it, and with which model', () => {
    const manifest = reading.manifests[reading.active_manifest]
    const actions = manifest?.assertions.find((assertion) => assertion.label.startsWith('c2pa.actions'))
    expect(actions?.data).toMatchObject({
      actions: [
        {
          action: 'c2pa.created',
          digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
          softwareAgent: { name: 'draft' },
        },
      ],
    })
    const own = manifest?.assertions.find((assertion) => assertion.label.endsWith('.generation'))
    expect(own?.data).toMatchObject({ outputId: output.id, model: 'draft' })
  })

  test('hold no prompt, no account, no person', async () => {
    const me = await fetch(`${server.origin}/v1/generations/${generation.id}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    expect(me.status).toBe(200)
    const account = new URL(output.urls.content, server.origin).searchParams.get('account')
    expect(account).toMatch(/^acc_/)
    const text = JSON.stringify(reading)
    for (const secret of [
      prompt,
      'planted-prompt',
      operatorEmail,
      'operator@',
      account ?? '',
      generation.id,
    ]) {
      expect(text).not.toContain(secret)
      expect(video.includes(secret)).toBe(false)
      expect(video.includes(Buffer.from(secret, 'utf16le'))).toBe(false)
    }
  })

  test('are broken by one flipped bit of the picture', async () => {
    const changed = Buffer.from(video)
    const [picture] = boxes(changed, 'mdat')
    if (!picture) throw new Error('the video has no media data')
    // A view into `changed`.
    const middle = picture.length >> 1
    picture.writeUInt8(picture.readUInt8(middle) ^ 1, middle)
    const reading = await read(changed, rootFile)
    expect(reading.validation_state).toBe('Invalid')
    expect(reading.failures).toEqual(expect.arrayContaining([expect.stringMatching(/hash.*mismatch/i)]))
  })

  test('are what the API says of them', async () => {
    const answer = await fetch(`${server.origin}/v1/assets/${output.id}/provenance`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const sha256 = createHash('sha256').update(video).digest('hex')
    expect(provenance.parse(await answer.json())).toMatchObject({
      state: 'trusted',
      model: 'draft',
      digital_source_type: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
      sha256,
    })
    expect(output).toMatchObject({ sha256, bytes: video.length, credentials: 'signed' })
  })
})

test('signing leaves the media untouched: it is what the renderer made, byte for byte', async () => {
  const model = createDraftVideoModel({
    workDirectory: path.join(folder, 'work'),
    log: pino({ level: 'silent' }),
  })
  const { operation } = await model.doStart({
    prompt,
    n: 1,
    aspectRatio: generation.aspect_ratio,
    resolution: `${generation.width}x${generation.height}`,
    duration: generation.seconds,
    fps: undefined,
    seed: generation.seed,
    image: undefined,
    frameImages: undefined,
    inputReferences: undefined,
    generateAudio: generation.audio,
    providerOptions: {},
  })
  try {
    for (;;) {
      const status = await model.doStatus({ operation })
      if (status.status === 'error') throw new Error(status.error)
      const [unsigned] = status.status === 'completed' ? status.videos : []
      if (unsigned?.type === 'binary') {
        const rendered = Buffer.from(unsigned.data)
        expect(rendered.equals(video)).toBe(false)
        expect(boxes(rendered, 'uuid')).toEqual([])
        expect(boxes(video, 'uuid').length).toBeGreaterThan(0)
        const hash = (file: Buffer) =>
          boxes(file, 'mdat').map((box) => createHash('sha256').update(box).digest('hex'))
        expect(hash(rendered)).toHaveLength(1)
        expect(hash(video)).toEqual(hash(rendered))
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } finally {
    await model.stop()
  }
})
