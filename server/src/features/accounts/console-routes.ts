import { accountChange, accountRow, invitation, invitationRequest, page, pageQuery } from '@backlot/contract'
import { z } from 'zod'
import type { Api } from '../../platform/http/index.ts'
import { type Balances, listAccounts, setSuspended } from './console.ts'
import { createInvitation, listInvitations, revokeInvitation } from './invitations.ts'
import type { Room } from './room.ts'

const idParams = z.object({ id: z.string().max(60) })

export function accountsConsoleRoutes(api: Api, room: Room, balances: Balances): void {
  api.route(
    {
      method: 'get',
      path: '/v1/console/accounts',
      access: 'operator',
      summary: 'Accounts, newest first',
      query: pageQuery.extend({ search: z.string().max(254).optional() }),
      answer: page(accountRow),
    },
    async ({ query }) => listAccounts(room, balances, query),
  )
  api.route(
    {
      method: 'patch',
      path: '/v1/console/accounts/{id}',
      access: 'operator',
      summary: 'Suspend an account, or lift that',
      params: idParams,
      body: accountChange,
      answer: accountRow,
      errors: ['not_found', 'state_conflict'],
    },
    async ({ params, body, identity }) =>
      setSuspended(room, balances, {
        accountId: params.id,
        suspended: body.suspended,
        byAccountId: identity.accountId,
      }),
  )
  api.route(
    {
      method: 'get',
      path: '/v1/console/invitations',
      access: 'operator',
      summary: 'Invitations, newest first',
      query: pageQuery,
      answer: page(invitation),
    },
    async ({ query }) => listInvitations(room, query),
  )
  api.route(
    {
      method: 'post',
      path: '/v1/console/invitations',
      access: 'operator',
      summary: 'Invite somebody',
      body: invitationRequest,
      answer: invitation,
      status: 201,
    },
    async ({ body, identity }) => createInvitation(room, { email: body.email, byUserId: identity.userId }),
  )
  api.route(
    {
      method: 'delete',
      path: '/v1/console/invitations/{id}',
      access: 'operator',
      summary: 'Revoke an invitation',
      params: idParams,
      errors: ['not_found'],
    },
    async ({ params }) => {
      await revokeInvitation(room, params.id)
      return undefined
    },
  )
}
