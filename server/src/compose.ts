import path from 'node:path'
import { composeApi } from './compose-api.ts'
import { composeProviders } from './compose-providers.ts'
import { composeWorkers } from './compose-workers.ts'
import type { Config, Secrets } from './config/index.ts'
import { type Accounts, createAccounts, type SignInProvider } from './features/accounts/index.ts'
import { type Assets, createAssets } from './features/assets/index.ts'
import { type Credits, createCredits } from './features/credits/index.ts'
import {
  createGenerations,
  createWaits,
  type Generations,
  type Room as GenerationsRoom,
  type Step,
} from './features/generations/index.ts'
import { catalogue, createModels, type Models } from './features/models/index.ts'
import { createModeration } from './features/moderation/index.ts'
import { createNotices } from './features/notices/index.ts'
import { loadProfile, type Profile } from './features/policy/index.ts'
import {
  createRecords,
  loadDeploymentCertificate,
  loadLogSigningKey,
  outputManifest,
  type Records,
} from './features/records/index.ts'
import { createMediaEngine } from './media/index.ts'
import { createChecks } from './overview/checks.ts'
import type { Clock } from './platform/clock.ts'
import type { DataDirectory } from './platform/data-directory.ts'
import type { Database } from './platform/db/index.ts'
import { createEventFeed, createEvents, createHints, localHints } from './platform/events/index.ts'
import { createKeyring } from './platform/keyring/index.ts'
import type { Logger } from './platform/log.ts'
import { createSmtpTransport, smtpOptions } from './platform/mail/index.ts'
import { createMetrics } from './platform/metrics.ts'
import { openDiskStore } from './platform/object-store/index.ts'
import { createOutbound } from './platform/outbound/index.ts'
import { isReachable, type ReadinessItem, readiness } from './readiness.ts'
import { version } from './version.ts'

export interface Application {
  /** Answers one request; `bindings` is what the server that listens hands over, with the socket's address. */
  fetch(request: Request, bindings?: unknown): Promise<Response> | Response
  readonly services: {
    readonly accounts: Accounts
    readonly assets: Assets
    readonly credits: Credits
    readonly generations: Generations
    readonly models: Models
    readonly profile: Profile
    readonly records: Records
    /** The list that `doctor` prints and the console shows. */
    readiness(): Promise<ReadinessItem[]>
  }
  /** What the first visitor must know; null on loopback and once there is an operator. */
  readonly setupToken: string | null
  /** Takes generations from the line and does the periodic work. */
  startWorkers(): Promise<void>
  /** No new work; what is under way may finish within the configured time, then it is handed back. */
  stopWorkers(): Promise<void>
  /** Ends live connections, so that a server that stops need not wait for them. */
  closeStreams(): void
  close(): Promise<void>
}

export interface Composition {
  readonly config: Config
  readonly secrets: Secrets
  readonly db: Database
  readonly dataDirectory: Pick<DataDirectory, 'objects' | 'keys' | 'work' | 'masterKey' | 'masterKeyId'>
  readonly log: Logger
  readonly clock: Clock
  /** `command`: one short command beside or without a server; it listens to nobody. */
  readonly purpose?: 'server' | 'command'
  /** Told at every step of a generation; tests end the process there. */
  readonly reached?: (step: Step) => void
}

const urlTtlMs = 6 * 3_600_000

/** Builds every long-lived object and hands each what it needs. Nothing runs on its own before `startWorkers`. */
export async function compose(composition: Composition): Promise<Application> {
  const { config, secrets, db, dataDirectory, log, clock } = composition
  const isServer = composition.purpose !== 'command'
  const profile = await loadProfile(config.profile)
  const keyring = createKeyring({
    masterKey: dataDirectory.masterKey,
    keyId: dataDirectory.masterKeyId,
    db,
  })
  const hints = isServer ? createHints({ url: db.url, log }) : localHints()
  const events = createEvents(hints)
  const metrics = createMetrics()
  const objects = await openDiskStore({ directory: dataDirectory.objects, keyring, now: clock.now() })
  const media = createMediaEngine({
    workDirectory: dataDirectory.work,
    log,
    limits: { imagePixelsMax: profile.media.upload_megapixels_max * 1_000_000 },
    ...(config.ffmpegPath ? { ffmpegPath: config.ffmpegPath } : {}),
    ...(config.ffprobePath ? { ffprobePath: config.ffprobePath } : {}),
  })
  const certificate = await loadDeploymentCertificate({
    keysDirectory: dataDirectory.keys,
    keyring,
    organisation: profile.name,
    now: clock.now(),
  })
  const records = createRecords({
    db,
    keyring,
    clock,
    log,
    signingKey: await loadLogSigningKey({ keysDirectory: dataDirectory.keys, keyring }),
    headsFile: path.join(dataDirectory.keys, 'log-heads.txt'),
    contentDays: profile.retention.log_prompts_days,
  })
  const notices = createNotices({
    db,
    keyring,
    clock,
    log,
    serviceName: profile.name,
    transport:
      secrets.smtpUrl && config.mailFrom
        ? createSmtpTransport(smtpOptions(secrets.smtpUrl, config.mailFrom))
        : null,
    keptDays: profile.retention.server_logs_days,
  })
  const credits = createCredits({ db, events, clock, log, freeMonthly: () => profile.credits.free_monthly })
  // Whoever could be somebody else's visitor proves that they read this terminal. Every process knows the same token,
  // and it is worth nothing once there is an operator.
  const setupToken = isReachable(config)
    ? keyring.sign('accounts.setup-token', 'the first operator').slice(0, 24)
    : null
  const accounts = createAccounts({
    db,
    keyring,
    events,
    clock,
    log,
    profile: {
      name: profile.name,
      minimumAge: profile.minimum_age,
      termsVersion: profile.terms_version,
      registration: profile.registration,
      contactEmail: profile.contacts.support_email,
    },
    notices,
    sendsMail: notices.sendsMail,
    publicOrigin: config.publicUrl,
    secret: keyring.sign('accounts.secret', 'better-auth'),
    providers: signInProviders(config, secrets),
    setupToken,
    hooks: {
      async onAccountCreated(tx, { accountId, at }) {
        await credits.openAccount(tx, accountId, at)
        await records.append(tx, { kind: 'account.created', accountId, subjectId: accountId, at, facts: {} })
      },
    },
  })
  const moderation = createModeration({
    db,
    keyring,
    records,
    clock,
    log,
    profile,
  })
  const waits = createWaits(db)
  const models = createModels({ db, clock, typicalWaitSeconds: (modelId) => waits.typicalSeconds(modelId) })
  await models.seed(
    catalogue.map((model) =>
      model.is_draft ? { ...model, default_credits_per_second: profile.credits.draft_per_second } : model,
    ),
  )
  const assets = createAssets({
    db,
    objects,
    keyring,
    events,
    clock,
    log,
    media,
    retention: { outputsDays: profile.retention.outputs_days, uploadsDays: profile.retention.uploads_days },
    uploadBytesMax: Math.min(config.uploadBytesMax, profile.media.upload_megabytes_max * 1024 * 1024),
    workDirectory: dataDirectory.work,
    urlTtlSeconds: urlTtlMs / 1000,
    trustAnchorsPem: async () => certificate.rootPem,
  })
  const outbound = createOutbound({ log })
  const providers = composeProviders({
    config,
    log,
    workDirectory: dataDirectory.work,
  })
  const canSign = isServer && (await media.capabilities()).signing.isAvailable
  const signer = { ...certificate, algorithm: 'es256' as const }
  const room: GenerationsRoom = {
    db,
    clock,
    log,
    keyring,
    events,
    hints,
    records,
    credits,
    moderation,
    models,
    assets,
    lanes: providers.lanes,
    limits: {
      simultaneousMax: profile.limits.generations_simultaneous,
      outstandingMax: profile.limits.generations_outstanding,
    },
    deadlines: {
      queuedMs: config.queueDeadlineMs,
      callMs: config.startDeadlineMs,
      uncertainMs: config.uncertainDeadlineMs,
      collectMs: config.collectDeadlineMs,
    },
    workDirectory: dataDirectory.work,
    download: async (url, toPath, { hosts, signal }) => {
      await outbound.download(url, toPath, { bytesMax: config.uploadBytesMax, hosts, signal })
    },
    signOutput: canSign
      ? async (inPath, outPath, { assetId, modelId, at }) => {
          const declared = await models.get(modelId)
          const manifest = outputManifest({
            assetId,
            modelId,
            modelName: declared.name,
            isTrainedModel: !declared.is_draft,
            at,
            serviceName: profile.name,
            version,
            verifyUrl: config.publicUrl,
          })
          await media.sign(inPath, outPath, { manifest, signer, mimeType: 'video/mp4' })
        }
      : null,
    reached: composition.reached ?? (() => undefined),
  }
  const generations = createGenerations(room, waits, profile.retention.outputs_days)
  const checks = createChecks({ db, credits, records, clock, log })
  const feed = createEventFeed({ db, hints, log })
  const ready = () => readiness({ config, profile, accounts, notices, media, certificate })
  const api = await composeApi({
    config,
    profile,
    log,
    db,
    clock,
    metrics,
    accounts,
    assets,
    checks,
    credits,
    certificate,
    feed,
    generations,
    models,
    notices,
    readiness: ready,
    servesStudio: isServer,
  })

  const workers = composeWorkers({
    config,
    db,
    clock,
    log,
    accounts,
    assets,
    checks,
    credits,
    media,
    moderation,
    notices,
    profile,
    providers,
    records,
    room,
  })

  return {
    fetch: api.fetch,
    services: { accounts, assets, credits, generations, models, profile, records, readiness: ready },
    setupToken: setupToken && !(await accounts.hasOperator()) ? setupToken : null,
    startWorkers: workers.start,
    stopWorkers: () => workers.stop(config.stopDeadlineMs),
    closeStreams: api.closeStreams,
    async close() {
      feed.close()
      notices.close()
      await providers.close()
      await accounts.settle()
      await assets.settle()
      await hints.close()
    },
  }
}

function signInProviders(config: Config, secrets: Secrets): SignInProvider[] {
  const { googleClientSecret, githubClientSecret, oidcClientSecret } = secrets
  return [
    ...(config.google && googleClientSecret
      ? [{ id: 'google' as const, clientId: config.google.clientId, clientSecret: googleClientSecret }]
      : []),
    ...(config.github && githubClientSecret
      ? [{ id: 'github' as const, clientId: config.github.clientId, clientSecret: githubClientSecret }]
      : []),
    ...(config.oidc && oidcClientSecret
      ? [{ id: 'oidc', ...config.oidc, clientSecret: oidcClientSecret }]
      : []),
  ]
}
