import { describe, expect, test } from 'vitest'
import { confinedUses, features, importFault, roomOf } from './house.ts'

const feature = (name: string, file = 'index.ts') => `server/src/features/${name}/${file}`

describe('rooms of the house', () => {
  test.each([
    ['contract/src/ids.ts', 'contract', ''],
    ['server/src/platform/db/index.ts', 'platform', ''],
    ['server/src/providers/provider.ts', 'provider', ''],
    ['server/src/providers/draft/draft.ts', 'provider', 'draft'],
    ['server/src/features/credits/ledger.ts', 'feature', 'credits'],
    ['server/src/compose.ts', 'program', ''],
    ['server/bin/backlot.js', 'program', ''],
    ['studio/src/features/library/tile.tsx', 'studio-feature', 'library'],
    ['studio/src/main.tsx', 'studio-app', ''],
    ['e2e/server.ts', 'beside', ''],
  ])('%s is in %s %s', (file, kind, name) => {
    expect(roomOf(file)).toEqual({ kind, name })
  })
})

describe('imports that the house allows', () => {
  test.each([
    ['server/src/platform/http/api.ts', 'contract/src/index.ts'],
    ['server/src/media/probe.ts', 'server/src/platform/log.ts'],
    ['server/src/providers/draft/draft.ts', 'server/src/media/index.ts'],
    ['server/src/providers/registry.ts', 'server/src/providers/draft/draft.ts'],
    [feature('generations', 'run.ts'), feature('credits')],
    [feature('generations', 'run.ts'), 'server/src/providers/provider.ts'],
    [feature('credits', 'ledger.ts'), feature('credits', 'bucket.ts')],
    ['server/src/compose.ts', feature('generations', 'line-store.ts')],
    ['server/src/compose.ts', 'server/src/config/config.ts'],
    ['server/src/cli/keys.ts', 'server/src/config/config.ts'],
    ['server/src/cli.ts', 'client/src/index.ts'],
    [feature('credits', 'ledger.int.test.ts'), 'server/test/database.ts'],
    [feature('generations', 'run.int.test.ts'), 'server/src/providers/draft/draft.ts'],
    [feature('generations', 'run.int.test.ts'), feature('credits', 'ledger.ts')],
    ['studio/src/features/library/tile.tsx', 'studio/src/ui/button.tsx'],
    ['studio/src/app/routes.tsx', 'studio/src/features/library/tile.tsx'],
    ['studio/src/lib/api.ts', 'contract/src/index.ts'],
    ['e2e/journey.e2e.test.ts', 'client/src/index.ts'],
    ['tools/config-docs.ts', 'server/src/config/config.ts'],
  ])('%s → %s', (from, to) => {
    expect(importFault(from, to)).toBeNull()
  })
})

describe('imports that the house forbids', () => {
  test.each([
    ['contract/src/ids.ts', 'server/src/platform/log.ts', /may not import platform/],
    ['server/src/platform/http/api.ts', feature('accounts'), /platform may not import feature/],
    ['server/src/media/probe.ts', feature('assets'), /media may not import feature/],
    ['server/src/providers/draft/draft.ts', 'server/src/providers/fal/fal.ts', /another one/],
    [feature('credits', 'ledger.ts'), feature('generations'), /stands below generations/],
    [feature('generations', 'run.ts'), feature('credits', 'ledger.ts'), /by its index\.ts/],
    [feature('generations', 'run.ts'), 'server/src/providers/draft/draft.ts', /provider\.ts only/],
    [feature('credits', 'ledger.ts'), 'server/src/config/config.ts', /read the configuration/],
    [feature('credits', 'ledger.ts'), 'server/src/compose.ts', /feature may not import program/],
    [feature('credits', 'ledger.ts'), 'server/test/database.ts', /only tests/],
    [feature('credits', 'ledger.int.test.ts'), feature('generations'), /stands below/],
    [feature('karaoke', 'sing.ts'), feature('credits'), /no place in the order/],
    ['server/src/features/policy/page.ts', 'server/src/media/index.ts', /stands above/],
    ['studio/src/ui/button.tsx', 'studio/src/lib/api.ts', /may not import studio-lib/],
    ['studio/src/features/library/tile.tsx', 'studio/src/features/billing/price.ts', /another one/],
    ['studio/src/lib/api.ts', 'server/src/platform/log.ts', /may not import platform/],
    ['server/src/main.ts', 'studio/src/main.tsx', /meet in the contract/],
    ['server/src/main.ts', 'e2e/server.ts', /nothing may import e2e/],
    ['client/src/index.ts', 'server/src/platform/log.ts', /contract only/],
    [feature('webhooks', 'send.ts'), 'client/src/index.ts', /only the program/],
  ])('%s → %s', (from, to, why) => {
    expect(importFault(from, to)).toMatch(why)
  })

  test('a later feature never serves an earlier one', () => {
    features.forEach((earlier, place) => {
      for (const later of features.slice(place + 1)) {
        expect(importFault(feature(earlier.name, 'x.ts'), feature(later.name))).toMatch(/stands below/)
      }
    })
  })
})

test('SQL may stand in a store and nowhere else in a feature', () => {
  expect(confinedUses.sql.rooms.test(feature('credits', 'ledger-store.ts'))).toBe(true)
  expect(confinedUses.sql.rooms.test(feature('credits', 'ledger-service.ts'))).toBe(false)
  expect(confinedUses.environment.rooms.test('server/src/main.ts')).toBe(false)
  expect(confinedUses.outgoing.rooms.test(feature('webhooks', 'send.ts'))).toBe(false)
})
