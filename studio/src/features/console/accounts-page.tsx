import type { AccountRow, Page } from '@backlot/contract'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { call, sentenceOf } from '../../lib/api.ts'
import { useSettled } from '../../lib/clocks.ts'
import { count, dateTime } from '../../lib/format.ts'
import { keys } from '../../lib/keys.ts'
import { queryClient } from '../../lib/query-client.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Waiting } from '../../ui/panel.tsx'
import { Cell, HeadCell, Table } from '../../ui/table.tsx'
import { ConsolePage } from './console-page.tsx'
import { GrantDialog } from './grant-dialog.tsx'

const accountsKey = [...keys.console, 'accounts']
const refresh = () => queryClient.invalidateQueries({ queryKey: accountsKey })

export function AccountsPage() {
  const { search = '' } = getRouteApi('/shell/console/accounts').useSearch()
  const navigate = useNavigate()
  const [text, setText] = useState(search)
  const wanted = useSettled(text.trim(), 250)
  const [granting, setGranting] = useState<AccountRow | null>(null)
  const [suspending, setSuspending] = useState<AccountRow | null>(null)

  useEffect(() => {
    void navigate({ to: '/console/accounts', search: wanted ? { search: wanted } : {}, replace: true })
  }, [wanted, navigate])

  const list = useInfiniteQuery({
    queryKey: [...accountsKey, wanted],
    queryFn: ({ pageParam, signal }) =>
      call<Page<AccountRow>>(
        `/v1/console/accounts?${new URLSearchParams({
          limit: '50',
          ...(wanted ? { search: wanted } : {}),
          ...(pageParam ? { after: pageParam } : {}),
        })}`,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  })
  const rows = list.data?.pages.flatMap((page) => page.data)

  return (
    <ConsolePage title="Accounts">
      <Field
        label="Search"
        type="search"
        value={text}
        placeholder="E-mail, name or account id"
        onChange={(event) => setText(event.target.value)}
        className="mb-4 max-w-md"
      />
      {rows === undefined ? (
        list.error ? (
          <Notice look="fault">{sentenceOf(list.error)}</Notice>
        ) : (
          <Waiting label="Fetching the accounts…" lines={5} />
        )
      ) : rows.length === 0 ? (
        <p className="text-dim">No account matches “{wanted}”.</p>
      ) : (
        <Table
          label="Accounts"
          head={
            <>
              <HeadCell>E-mail</HeadCell>
              <HeadCell>Role</HeadCell>
              <HeadCell numeric>Available</HeadCell>
              <HeadCell numeric>Held</HeadCell>
              <HeadCell>Since</HeadCell>
              <HeadCell>State</HeadCell>
              <HeadCell>Actions</HeadCell>
            </>
          }
        >
          {rows.map((row) => (
            <tr key={row.id}>
              <Cell className="min-w-56">
                <span className="break-all">{row.email}</span>
                {row.email_verified ? null : <span className="text-small text-dim"> · not verified</span>}
                {row.name ? <span className="block text-small text-dim">{row.name}</span> : null}
                <span className="numbers block text-small text-dim">{row.id}</span>
              </Cell>
              <Cell>{row.role}</Cell>
              <Cell numeric>{count(row.available)}</Cell>
              <Cell numeric>{count(row.held)}</Cell>
              <Cell className="whitespace-nowrap">{dateTime(row.created_at)}</Cell>
              <Cell>{row.suspended ? <span className="text-cut-ink">Suspended</span> : 'Active'}</Cell>
              <Cell className="whitespace-nowrap">
                <Button
                  className="mr-2"
                  onClick={() => setGranting(row)}
                  aria-label={`Grant credits to ${row.email}`}
                >
                  Grant credits
                </Button>
                <Button
                  look="quiet"
                  onClick={() => setSuspending(row)}
                  aria-label={`${row.suspended ? 'Reinstate' : 'Suspend'} ${row.email}`}
                >
                  {row.suspended ? 'Reinstate' : 'Suspend'}
                </Button>
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      {list.hasNextPage ? (
        <Button
          className="mt-4"
          busyLabel={list.isFetchingNextPage && 'Loading more…'}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
      {granting ? (
        <GrantDialog account={granting} onClose={() => setGranting(null)} onGranted={() => void refresh()} />
      ) : null}
      {suspending ? (
        <ConfirmDialog
          title={suspending.suspended ? 'Reinstate this account?' : 'Suspend this account?'}
          confirmLabel={suspending.suspended ? 'Reinstate' : 'Suspend'}
          busyLabel="Saving…"
          explain={sentenceOf}
          onClose={() => setSuspending(null)}
          onConfirm={async () => {
            await call(`/v1/console/accounts/${encodeURIComponent(suspending.id)}`, {
              method: 'PATCH',
              json: { suspended: !suspending.suspended },
            })
            await refresh()
            setSuspending(null)
          }}
        >
          <p className="break-all text-ink">{suspending.email}</p>
          <p className="mt-2">
            {suspending.suspended
              ? 'It can sign in and generate again at once.'
              : 'Its sessions end and its keys are refused at once. Its library and credits stay.'}
          </p>
        </ConfirmDialog>
      ) : null}
    </ConsolePage>
  )
}
