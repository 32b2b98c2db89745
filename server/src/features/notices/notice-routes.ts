import { page, pageQuery, unsentMail } from '@backlot/contract'
import type { Api } from '../../platform/http/index.ts'
import type { Notices } from './notices.ts'

export function noticeRoutes(api: Api, notices: Notices): void {
  api.route(
    {
      method: 'get',
      path: '/v1/console/mails',
      access: 'operator',
      summary: 'Mails that nobody got, newest first',
      query: pageQuery,
      answer: page(unsentMail),
    },
    async ({ query }) => notices.listUnsent(query),
  )
}
