// Content Credentials (C2PA). Runs in the media child: the addon parses files that strangers made, and signing blocks.
import { stat } from 'node:fs/promises'
import type { ManifestStore } from '@contentauth/c2pa-types'
import { MediaError } from './media-error.ts'
import type {
  CredentialIngredient,
  CredentialReading,
  CredentialSigner,
  CredentialSummary,
} from './media-job.ts'

type Library = typeof import('@contentauth/c2pa-node')

/** Loads the addon, or says why this machine has none. */
export async function loadCredentialLibrary(): Promise<{ library: Library } | { detail: string }> {
  try {
    const library = await import('@contentauth/c2pa-node')
    // The binary is loaded at the first use, not by the import.
    library.Builder.new()
    return { library }
  } catch {
    return { detail: `no Content Credentials addon for ${process.platform}-${process.arch}` }
  }
}

// The settings must be JSON text with snake_case keys; a camelCase object is silently ignored. A manifest may name a
// remote one: fetching it would let an upload make this machine call an address.
function readerSettings(trustAnchorsPem: string | null): string {
  return JSON.stringify({
    ...(trustAnchorsPem ? { trust: { trust_anchors: trustAnchorsPem } } : {}),
    verify: { verify_trust: true, remote_manifest_fetch: false, ocsp_fetch: false },
  })
}

const builderSettings = JSON.stringify({
  builder: { thumbnail: { enabled: false } },
  verify: { remote_manifest_fetch: false, ocsp_fetch: false },
})

/** Signs `input` into `output`, which must not exist. Answers with the size of the signed file. */
export async function signFile(
  library: Library,
  order: {
    input: string
    output: string
    mimeType: string
    manifest: Record<string, unknown>
    signer: CredentialSigner
    ingredients: CredentialIngredient[]
  },
): Promise<number> {
  const { certificateChainPem, privateKeyPem, algorithm } = order.signer
  const signer = library.LocalSigner.newSigner(
    Buffer.from(certificateChainPem),
    Buffer.from(privateKeyPem),
    algorithm,
  )
  const builder = library.Builder.withJson(order.manifest as never, builderSettings)
  for (const ingredient of order.ingredients) {
    const { title, mimeType, relationship, instanceId } = ingredient
    const description = { title, format: mimeType, relationship, instance_id: instanceId, label: instanceId }
    await builder.addIngredient(JSON.stringify(description), { path: ingredient.path, mimeType })
  }
  try {
    builder.sign(
      signer,
      { path: order.input, mimeType: order.mimeType },
      { path: order.output, mimeType: order.mimeType },
    )
  } catch (error) {
    throw new MediaError('media_failed', 'the file could not be signed (certificate, key or manifest)', {
      cause: error,
    })
  }
  return (await stat(order.output)).size
}

/** Reads and validates what a file carries. A file without a manifest reads `none`; an unreadable one throws. */
export async function readFileCredentials(
  library: Library,
  path: string,
  mimeType: string,
  trustAnchorsPem: string | null,
): Promise<CredentialReading> {
  let store: ManifestStore
  try {
    const reader = await library.Reader.fromAsset({ path, mimeType }, readerSettings(trustAnchorsPem))
    if (reader === null) return { state: 'none', failures: [], manifest: null }
    store = reader.json()
  } catch (error) {
    // The one case that must not be called broken: a format that cannot carry a manifest.
    if (/unsupported/i.test(String(error))) return { state: 'none', failures: [], manifest: null }
    throw new MediaError('media_broken', 'the Content Credentials cannot be read', { cause: error })
  }
  const failures = failureCodes(store)
  const state =
    store.validation_state === 'Trusted'
      ? 'trusted'
      : store.validation_state === 'Valid'
        ? 'valid'
        : 'invalid'
  return { state, failures, manifest: summarise(store) }
}

function failureCodes(store: ManifestStore): string[] {
  const statuses = store.validation_results?.activeManifest?.failure ?? store.validation_status ?? []
  return [...new Set(statuses.map((status) => status.code))]
}

function summarise(store: ManifestStore): CredentialSummary | null {
  const manifest = store.active_manifest ? store.manifests?.[store.active_manifest] : undefined
  if (!manifest) return null
  const generator = manifest.claim_generator_info?.[0]
  const actions = (manifest.assertions ?? [])
    .filter((assertion) => assertion.label.startsWith('c2pa.actions'))
    .flatMap(
      (assertion) =>
        ((assertion.data as { actions?: unknown[] } | null)?.actions ?? []) as Record<string, unknown>[],
    )
  return {
    title: manifest.title ?? null,
    claimGenerator: generator?.name ?? null,
    claimGeneratorVersion: (generator?.['version'] as string | undefined) ?? null,
    issuer: manifest.signature_info?.issuer ?? null,
    signedAt: manifest.signature_info?.time ?? null,
    actions: actions.map((action) => ({
      action: String(action['action'] ?? ''),
      when: text(action['when']),
      digitalSourceType: text(action['digitalSourceType']),
      softwareAgent: text(
        (action['softwareAgent'] as { name?: unknown } | undefined)?.name ?? action['softwareAgent'],
      ),
    })),
    assertionLabels: (manifest.assertions ?? []).map((assertion) => assertion.label),
    ingredientCount: manifest.ingredients?.length ?? 0,
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
