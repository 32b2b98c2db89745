import type { Api } from '../../platform/http/index.ts'
import type { Balances } from './console.ts'
import { accountsConsoleRoutes } from './console-routes.ts'
import { entranceRoutes } from './entrance-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { mailLinkRoutes, ownAccountRoutes } from './own-account-routes.ts'
import type { Room } from './room.ts'
import { passkeyRoutes, twoFactorRoutes } from './security-routes.ts'

/** Every endpoint of this room. */
export function accountsRoutes(
  api: Api,
  dependencies: { accounts: { room: Room }; balances: Balances },
): void {
  const { room } = dependencies.accounts
  entranceRoutes(api, room)
  mailLinkRoutes(api, room)
  ownAccountRoutes(api, room)
  twoFactorRoutes(api, room)
  passkeyRoutes(api, room)
  keyRoutes(api, room)
  accountsConsoleRoutes(api, room, dependencies.balances)
}
