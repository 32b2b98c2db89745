// The house: which room stands above which. The drawing for people is in docs/architecture.md.
import { isTest } from './source-files.ts'

/** The order of the features: one may import the `index.ts` of earlier ones only, if their floor is not higher. */
export const features = [
  { name: 'policy', floor: 2 },
  { name: 'records', floor: 3 },
  { name: 'accounts', floor: 3 },
  { name: 'notices', floor: 3 },
  { name: 'credits', floor: 4 },
  { name: 'moderation', floor: 4 },
  { name: 'models', floor: 5 },
  { name: 'billing', floor: 5 },
  { name: 'assets', floor: 5 },
  { name: 'generations', floor: 6 },
  { name: 'sharing', floor: 6 },
  { name: 'webhooks', floor: 6 },
  { name: 'support', floor: 6 },
  { name: 'privacy', floor: 7 },
] as const

export interface Room {
  kind:
    | 'contract'
    | 'platform'
    | 'media'
    | 'provider'
    | 'feature'
    | 'config'
    | 'program'
    | 'server-test'
    | 'studio-ui'
    | 'studio-lib'
    | 'studio-feature'
    | 'studio-app'
    | 'client'
    | 'beside'
  /** Which feature or upstream; empty elsewhere. */
  name: string
}

/** The room a file of the repository stands in. */
export function roomOf(file: string): Room {
  const [workspace = '', folder = '', ...rest] = file.split('/')
  const room = (kind: Room['kind'], name = ''): Room => ({ kind, name })
  if (workspace === 'contract') return room('contract')
  if (workspace === 'client') return room('client')
  if (workspace === 'studio') return studioRoom(folder, rest, room)
  if (workspace !== 'server') return room('beside')
  if (folder === 'test') return room('server-test')
  if (folder !== 'src') return room('program')
  const [area = '', name = ''] = rest
  if (area === 'platform') return room('platform')
  if (area === 'media') return room('media')
  if (area === 'config') return room('config')
  if (area === 'providers') return room('provider', rest.length > 2 ? name : '')
  if (area === 'features') return room('feature', name)
  return room('program')
}

function studioRoom(folder: string, rest: string[], room: (kind: Room['kind'], name?: string) => Room): Room {
  if (folder !== 'src') return room('beside')
  const [area = '', name = ''] = rest
  if (area === 'ui') return room('studio-ui')
  if (area === 'lib') return room('studio-lib')
  if (area === 'features') return room('studio-feature', name)
  return room('studio-app')
}

/**
 * Why a file may not import another one of ours, or `null` when it may.
 *
 * @param from importing file, from the root of the repository
 * @param to imported file
 */
export function importFault(from: string, to: string): string | null {
  const source = roomOf(from)
  const target = roomOf(to)
  const test = isTest(from) || source.kind === 'server-test'
  if (isTest(to) && !test && source.kind !== 'beside') return 'only tests may import what is for tests'
  if (target.kind === 'beside' && source.kind !== 'beside') return `nothing may import ${to.split('/')[0]}`
  if (target.kind === 'config') {
    const may = test || ['config', 'beside', 'program'].includes(source.kind)
    return may ? null : 'only the top floors (main, compose, cli, processes) read the configuration'
  }
  if (source.kind === 'beside') return null
  if (source.kind.startsWith('studio')) return studioFault(source, target)
  if (target.kind.startsWith('studio')) return 'the studio and the server meet in the contract'
  return serverFault(source, to, target, test)
}

function studioFault(source: Room, target: Room): string | null {
  const allowed: Partial<Record<Room['kind'], Room['kind'][]>> = {
    'studio-ui': ['studio-ui'],
    'studio-lib': ['contract', 'studio-ui', 'studio-lib'],
    'studio-feature': ['contract', 'studio-ui', 'studio-lib', 'studio-feature'],
    'studio-app': ['contract', 'studio-ui', 'studio-lib', 'studio-feature', 'studio-app'],
  }
  if (!allowed[source.kind]?.includes(target.kind)) return `${source.kind} may not import ${target.kind}`
  if (source.kind === 'studio-feature' && target.kind === 'studio-feature' && source.name !== target.name) {
    return 'a feature of the studio may not import another one: they meet in studio/src/app'
  }
  return null
}

function serverFault(source: Room, to: string, target: Room, test: boolean): string | null {
  if (target.kind === 'client' || source.kind === 'client') {
    if (source.kind === 'client') {
      return target.kind === 'client' || target.kind === 'contract'
        ? null
        : 'the client knows the contract only'
    }
    return source.kind === 'program' || test ? null : 'only the program itself may import the client'
  }
  if (source.kind === 'program' || source.kind === 'server-test') return null
  // A test may compose the whole program; its own room still looks down only.
  if (test && (target.kind === 'program' || target.kind === 'server-test')) return null
  const allowed: Partial<Record<Room['kind'], Room['kind'][]>> = {
    contract: ['contract'],
    config: ['config'],
    platform: ['contract', 'platform'],
    media: ['contract', 'platform', 'media'],
    provider: ['contract', 'platform', 'media', 'provider'],
    feature: ['contract', 'platform', 'media', 'provider', 'feature'],
  }
  if (!allowed[source.kind]?.includes(target.kind)) return `${source.kind} may not import ${target.kind}`
  if (source.kind === 'provider') return providerFault(source, target)
  return source.kind === 'feature' ? featureFault(source, to, target, test) : null
}

function providerFault(source: Room, target: Room): string | null {
  // The registry beside the seam names the upstreams; an upstream knows only itself and the seam.
  if (target.kind !== 'provider' || source.name === '' || target.name === '') return null
  return source.name === target.name ? null : 'an upstream may not import another one'
}

function featureFault(source: Room, to: string, target: Room, test: boolean): string | null {
  const place = features.findIndex((each) => each.name === source.name)
  const own = features[place]
  if (!own) return `"${source.name}" has no place in the order of the features (tools/check/house.ts)`
  if (target.kind === 'media') return own.floor >= 3 ? null : 'media stands above this feature'
  if (target.kind === 'provider') {
    if (test) return null
    if (own.floor < 4) return 'the providers stand above this feature'
    return to === 'server/src/providers/provider.ts' ? null : 'a feature knows providers/provider.ts only'
  }
  if (target.kind !== 'feature' || source.name === target.name) return null
  const other = features.findIndex((each) => each.name === target.name)
  const otherFloor = features[other]?.floor ?? Number.POSITIVE_INFINITY
  if (other === -1 || other > place || otherFloor > own.floor) {
    return `${source.name} stands below ${target.name}: send an event instead`
  }
  const isEntry = to === `server/src/features/${target.name}/index.ts`
  return isEntry || test ? null : `enter ${target.name} by its index.ts`
}

/** Packages that one room keeps to itself, so that they can be replaced there. */
export const confinedPackages: readonly { name: RegExp; rooms: RegExp; why: string }[] = [
  { name: /^node-av(\/|$)/, rooms: /^server\/src\/media\//, why: 'FFmpeg runs in media children only' },
  { name: /^@contentauth\//, rooms: /^server\/src\/media\//, why: 'signing belongs to media' },
  {
    name: /^(better-auth|@better-auth\/.*)(\/|$)/,
    rooms: /^server\/src\/features\/accounts\//,
    why: 'accounts hides the library that signs people in',
  },
  {
    name: /^pg$/,
    rooms: /^server\/(src\/platform\/(db|events|queue)\/|test\/)/,
    why: 'platform owns the connections',
  },
  { name: /^pg-boss$/, rooms: /^server\/src\/platform\/queue\//, why: 'platform/queue owns the task runner' },
  { name: /^nodemailer(\/|$)/, rooms: /^server\/src\/platform\/mail\//, why: 'platform/mail sends mail' },
  { name: /^undici$/, rooms: /^server\/src\/platform\/outbound\//, why: 'one guarded client goes outside' },
]

/** Where each confined use may stand; everything else is a fault. Paths from the root of the repository. */
export const confinedUses = {
  environment: {
    rooms: /^(server\/(src\/config|bin|test)\/|studio\/(vite|tools|scripts)|e2e\/|bench\/|tools\/)/,
    why: 'process.env is read in server/src/config only',
  },
  outgoing: {
    rooms:
      /^(server\/(src\/platform\/outbound|bin|test)\/|studio\/src\/lib\/|client\/|e2e\/|bench\/|tools\/)/,
    why: 'only platform/outbound (and the API client of studio/src/lib) opens connections',
  },
  sql: {
    rooms:
      /^(server\/src\/.*-store\.ts$|server\/src\/platform\/(db|queue|events|keyring)\/|server\/test\/|e2e\/|bench\/|tools\/)/,
    why: 'SQL stands in *-store.ts and server/migrations only',
  },
} as const
