import type { CreditBalance, GrantKind, Page as ListPage, StatementLine } from '@backlot/contract'
import {
  type InfiniteData,
  infiniteQueryOptions,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call, sentenceOf } from '../../lib/api.ts'
import { count, credits, dateTime, dayInWords, signed } from '../../lib/format.ts'
import { keys } from '../../lib/keys.ts'
import { usePageTitle } from '../../lib/page-title.ts'
import { creditsQuery } from '../../lib/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Section, Waiting } from '../../ui/panel.tsx'

/** What one has, where it came from, and every change of it in plain words. */
export function CreditsPage() {
  usePageTitle('Credits')
  const balance = useQuery(creditsQuery)
  const statement = useInfiniteQuery(statementQuery)
  const error = balance.error ?? statement.error
  return (
    <Page title="Credits">
      {balance.data && statement.data ? (
        // Both at once: one after the other, the second would be pushed down by the first.
        <>
          <Balance balance={balance.data} />
          <Statement statement={statement} />
        </>
      ) : error ? (
        <Notice look="fault">{sentenceOf(error)}</Notice>
      ) : (
        <Waiting label="Reading the ledger…" lines={6} />
      )}
    </Page>
  )
}

const statementQuery = infiniteQueryOptions({
  queryKey: [...keys.statement, 'pages'],
  queryFn: ({ pageParam, signal }) =>
    call<ListPage<StatementLine>>(
      `/v1/credits/statement?limit=50${pageParam ? `&after=${encodeURIComponent(pageParam)}` : ''}`,
      { signal },
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
})

function Balance({ balance }: { balance: CreditBalance }) {
  const { available, held, frozen, debt, grants } = balance
  return (
    <>
      <p className="numbers text-display font-medium">{count(available)}</p>
      <p className="text-dim">
        {[
          `${available === 1 ? 'credit' : 'credits'} to use`,
          ...(held > 0 ? [`${count(held)} held for what is being made`] : []),
          ...(frozen > 0 ? [`${count(frozen)} frozen`] : []),
          ...(debt > 0 ? [`${count(debt)} owed`] : []),
        ].join(' · ')}
      </p>
      <Section
        className="mt-8"
        title="Where they came from"
        about="What ends first is used first. A generation that fails, is blocked or is canceled gives its credits back."
      >
        {grants.length === 0 ? (
          <p className="text-dim">
            There is no open grant. The operator of this service can give you credits.
          </p>
        ) : (
          <ul className="divide-y divide-line">
            {grants.map((grant) => (
              <Grant key={grant.id} grant={grant} />
            ))}
          </ul>
        )}
      </Section>
    </>
  )
}

const kinds: Record<GrantKind, string> = {
  subscription: 'Your plan',
  pack: 'Bought',
  promo: 'Free credits',
  admin: 'Given by the operator',
  restored: 'Given back',
}

function Grant({ grant }: { grant: CreditBalance['grants'][number] }) {
  const share = grant.amount === 0 ? 0 : grant.remaining / grant.amount
  return (
    <li className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[1fr_12rem]">
      <div>
        <p className="font-medium">{kinds[grant.kind]}</p>
        <p className="text-small text-dim">
          {grant.expires_at ? `until ${dayInWords(grant.expires_at, Date.now())}` : 'without an end'}
          {grant.held > 0 ? ` · ${count(grant.held)} held` : ''}
        </p>
      </div>
      <div>
        <p className="numbers sm:text-right">
          {count(grant.remaining)} <span className="text-dim">of {count(grant.amount)} left</span>
        </p>
        <div className="mt-1.5 h-1 rounded-control bg-line" aria-hidden="true">
          <div
            className="h-full rounded-control bg-slate"
            style={{ width: `${Math.min(100, share * 100)}%` }}
          />
        </div>
      </div>
    </li>
  )
}

function Statement({
  statement,
}: {
  statement: UseInfiniteQueryResult<InfiniteData<ListPage<StatementLine>>>
}) {
  const lines = statement.data?.pages.flatMap((page) => page.data) ?? []
  return (
    <Section title="Statement" about="Every change of your balance, newest first.">
      {lines.length === 0 ? (
        <p className="text-dim">Nothing has happened yet.</p>
      ) : (
        <ol className="divide-y divide-line">
          {lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ol>
      )}
      {statement.hasNextPage ? (
        <Button
          className="mt-4"
          busyLabel={statement.isFetchingNextPage && 'Loading older lines…'}
          onClick={() => void statement.fetchNextPage()}
        >
          Show older lines
        </Button>
      ) : null}
    </Section>
  )
}

function Line({ line }: { line: StatementLine }) {
  return (
    <li className="grid grid-cols-[1fr_auto] gap-x-6 py-3">
      <div className="min-w-0">
        <p>{line.explanation}</p>
        <p className="text-small text-dim">
          <time dateTime={line.at}>{dateTime(line.at)}</time>
          {line.generation_id ? (
            <>
              {' · '}
              <Link
                to="/studio/g/$generationId"
                params={{ generationId: line.generation_id }}
                className="-my-3 inline-flex min-h-11 items-center underline underline-offset-4"
              >
                the generation
              </Link>
            </>
          ) : null}
        </p>
      </div>
      <div className="numbers text-right">
        <p>
          <span className="sr-only">Change of your credits: </span>
          {line.amount === 0 && line.held_change !== 0 ? (
            <span className="text-dim">{signed(line.held_change)} held</span>
          ) : (
            signed(line.amount)
          )}
        </p>
        <p className="text-small text-dim">
          <span className="sr-only">Afterwards: </span>
          {credits(line.available_after)}
          {line.held_after > 0 ? `, ${count(line.held_after)} held` : ''}
        </p>
      </div>
    </li>
  )
}
