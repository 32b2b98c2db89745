import { statfs } from 'node:fs/promises'
import type { Overview } from '@backlot/contract'
import type { Config } from './config/index.ts'
import type { Accounts } from './features/accounts/index.ts'
import type { Notices } from './features/notices/index.ts'
import { type Profile, placeholderFields } from './features/policy/index.ts'
import type { DeploymentCertificate } from './features/records/index.ts'
import type { MediaEngine } from './media/index.ts'
import { isLoopback } from './platform/loopback.ts'

export type ReadinessItem = Overview['readiness'][number]

/** What the list is made from. */
export interface ReadinessFacts {
  readonly config: Config
  readonly sendsMail: boolean
  /** Dotted names of profile fields that still hold what the neutral profile ships with. */
  readonly placeholders: readonly string[]
  readonly registration: 'open' | 'invited' | 'closed'
  readonly hasOperator: boolean
  readonly operatorsWithoutSecondFactor: number
  readonly contentCredentials: { readonly signs: boolean; readonly source: 'own' | 'operator' | null }
  readonly video: { readonly isAvailable: boolean; readonly detail: string }
  /** Null where it cannot be told. */
  readonly freeBytes: number | null
}

export interface ReadinessSources {
  readonly config: Config
  readonly profile: Profile
  readonly accounts: Pick<Accounts, 'hasOperator' | 'countOperatorsWithoutSecondFactor'>
  readonly notices: Pick<Notices, 'sendsMail'>
  readonly media: Pick<MediaEngine, 'capabilities'>
  readonly certificate: Pick<DeploymentCertificate, 'source'>
}

const gibibyte = 1024 ** 3

/** The list that the console shows and `backlot doctor` prints, as things stand now. */
export async function readiness(sources: ReadinessSources): Promise<ReadinessItem[]> {
  const { config, profile, accounts, notices, media, certificate } = sources
  const [hasOperator, operatorsWithoutSecondFactor, capabilities, disk] = await Promise.all([
    accounts.hasOperator(),
    accounts.countOperatorsWithoutSecondFactor(),
    media.capabilities(),
    config.dataDirectory === null ? null : statfs(config.dataDirectory).catch(() => null),
  ])
  return judgeReadiness({
    config,
    sendsMail: notices.sendsMail,
    placeholders: placeholderFields(profile),
    registration: profile.registration,
    hasOperator,
    operatorsWithoutSecondFactor,
    contentCredentials: { signs: capabilities.signing.isAvailable, source: certificate.source },
    video: capabilities.video,
    freeBytes: disk ? disk.bavail * disk.bsize : null,
  })
}

/**
 * What is configured, what is missing and what must be settled before the deployment may be public. `blocking` stands
 * in the way of going public, not of running on one's own machine.
 */
export function judgeReadiness(facts: ReadinessFacts): ReadinessItem[] {
  const { config } = facts
  const dataRoot = config.dataDirectory ?? 'the data directory'
  const items: ReadinessItem[] = []
  const add = (id: string, state: ReadinessItem['state'], title: string, detail: string) =>
    items.push({ id, state, title, detail })

  if (facts.hasOperator) add('operator', 'ok', 'Operator account', 'There is one.')
  else
    add(
      'operator',
      'blocking',
      'No operator account',
      'Open the address and create it, or run: backlot operator create --email … --password …',
    )
  if (facts.operatorsWithoutSecondFactor > 0)
    add(
      'operator_second_factor',
      'blocking',
      'Operator without a second factor',
      'Whoever learns the password owns the deployment; add an app or a passkey on the account page.',
    )
  else if (facts.hasOperator)
    add('operator_second_factor', 'ok', 'Second factor', 'Every operator signs in with a second factor.')

  if (config.publicUrl.startsWith('https://'))
    add('public_url', 'ok', 'Public address', `${config.publicUrl}, encrypted.`)
  else
    add(
      'public_url',
      'blocking',
      'No encrypted public address',
      `People reach ${config.publicUrl} without encryption; put a proxy with HTTPS in front and set BACKLOT_PUBLIC_URL.`,
    )
  if (config.publicUrlIsSet && isLoopback(config.host) && config.trustedProxies.length === 0)
    add(
      'trusted_proxies',
      'attention',
      'No trusted proxy',
      'Every visitor seems to come from the proxy, so that one who is throttled throttles all; set BACKLOT_TRUSTED_PROXIES.',
    )

  if (facts.sendsMail) add('mail', 'ok', 'Mail', `Sent as ${config.mailFrom ?? 'Backlot'}.`)
  else
    add(
      'mail',
      'blocking',
      'No mail server',
      'Verification and reset mails wait for the operator to hand them on; set BACKLOT_SMTP_URL and BACKLOT_MAIL_FROM.',
    )
  if (facts.placeholders.length === 0)
    add('profile', 'ok', 'Profile', 'Name, contacts and law are filled in.')
  else
    add(
      'profile',
      'blocking',
      'The profile has placeholders',
      `Terms and privacy pages show them: ${facts.placeholders.join(', ')}. Copy the file, fill it in and set BACKLOT_PROFILE.`,
    )
  if (facts.registration === 'open')
    add(
      'registration',
      facts.sendsMail ? 'attention' : 'blocking',
      'Anybody may sign up',
      facts.sendsMail
        ? 'Everybody who does gets the free credits of the profile.'
        : 'Nobody can verify an address while there is no mail server.',
    )
  else
    add(
      'registration',
      'ok',
      'Registration',
      facts.registration === 'invited' ? 'By invitation.' : 'Closed: the operator creates accounts.',
    )
  const services = [config.google && 'Google', config.github && 'GitHub', config.oidc?.name].filter(Boolean)
  add(
    'sign_in',
    'ok',
    'Sign-in',
    services.length === 0 ? 'E-mail and password.' : `E-mail and password, ${services.join(', ')}.`,
  )

  if (config.database === 'external') add('database', 'ok', 'Database', 'A PostgreSQL of your own.')
  else
    add(
      'database',
      'attention',
      'Embedded database',
      'Good for one machine. For several, or a standby, set DATABASE_URL.',
    )
  add(
    'backups',
    'attention',
    'Backups',
    config.database === 'external'
      ? `Backlot cannot see whether the database and ${dataRoot} are backed up together.`
      : `Backlot cannot see whether ${dataRoot} is backed up; copy it while Backlot is stopped.`,
  )
  if (config.masterKeyIsGiven) add('master_key', 'ok', 'Master key', 'Given from outside.')
  else
    add(
      'master_key',
      'attention',
      'The master key lies beside the data',
      'Whoever copies the data directory can read everything, and without the key nobody can; keep it apart with BACKLOT_MASTER_KEY_FILE, and a copy of it somewhere safe.',
    )
  addStorage(facts, add)
  if (facts.video.isAvailable) add('media', 'ok', 'Media', facts.video.detail)
  else add('media', 'blocking', 'Videos cannot be processed', facts.video.detail)
  addCredentials(facts, add)
  return items
}

type Add = (id: string, state: ReadinessItem['state'], title: string, detail: string) => void

function addStorage(facts: ReadinessFacts, add: Add): void {
  if (facts.freeBytes === null) return
  const free = `${(facts.freeBytes / gibibyte).toFixed(1)} GiB are free at ${facts.config.dataDirectory}.`
  if (facts.freeBytes < gibibyte) add('storage', 'blocking', 'The disk is nearly full', free)
  else if (facts.freeBytes < 10 * gibibyte) add('storage', 'attention', 'Little space for media', free)
  else add('storage', 'ok', 'Storage', free)
}

function addCredentials(facts: ReadinessFacts, add: Add): void {
  const { signs, source } = facts.contentCredentials
  if (!signs)
    add(
      'content_credentials',
      'attention',
      'Videos are not signed',
      'The library for Content Credentials has no binary for this system; run Backlot on Linux x64 or arm64, macOS or Windows x64 to sign.',
    )
  else if (source === 'operator')
    add('content_credentials', 'ok', 'Content Credentials', 'Signed with your own certificate.')
  else
    add(
      'content_credentials',
      'attention',
      'Content Credentials by an unlisted certificate',
      'Videos are signed, and public verifiers call the signer unknown until a certificate from their trust list is used.',
    )
}

/** Whether others may get to us: on the address that we listen on, or through a proxy in front of it. */
export function isReachable(config: Pick<Config, 'host' | 'publicUrl' | 'publicUrlIsSet'>): boolean {
  return (
    !isLoopback(config.host) || (config.publicUrlIsSet && !isLoopback(new URL(config.publicUrl).hostname))
  )
}
