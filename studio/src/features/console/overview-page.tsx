import type { Overview } from '@backlot/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { call, sentenceOf } from '../../lib/api.ts'
import { useNow } from '../../lib/clocks.ts'
import { ago, count, dateTime } from '../../lib/format.ts'
import { keys } from '../../lib/keys.ts'
import { queryClient } from '../../lib/query-client.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section, Waiting } from '../../ui/panel.tsx'
import { Cell, HeadCell, Table } from '../../ui/table.tsx'
import { ConsolePage } from './console-page.tsx'

const overviewKey = [...keys.console, 'overview']

/** What needs an operator's eye now. */
export function OverviewPage() {
  const { data, error } = useQuery({
    queryKey: overviewKey,
    queryFn: ({ signal }) => call<Overview>('/v1/console/overview', { signal }),
    refetchInterval: 5000,
  })
  return (
    <ConsolePage title="Overview">
      {data ? (
        <Loaded overview={data} />
      ) : error ? (
        <Notice look="fault">{sentenceOf(error)}</Notice>
      ) : (
        <Waiting label="Looking at the queue and the checks…" lines={6} />
      )}
    </ConsolePage>
  )
}

function Loaded({ overview }: { overview: Overview }) {
  const nowMs = useNow()
  const { queue, last_24_hours: day, checks } = overview
  return (
    <>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-control border border-line bg-line sm:grid-cols-4">
        <Figure name="In line" value={queue.queued}>
          {queue.oldest_queued_at ? `oldest from ${ago(queue.oldest_queued_at, nowMs)}` : 'nobody waits'}
        </Figure>
        <Figure name="Running" value={queue.running}>
          {queue.uncertain > 0 ? `${count(queue.uncertain)} uncertain` : 'none uncertain'}
        </Figure>
        <Figure name="Delivered, 24 h" value={day.delivered}>
          {count(day.credits_captured)} credits captured
        </Figure>
        <Figure name="Not delivered, 24 h" value={day.failed + day.blocked + day.canceled}>
          {count(day.failed)} failed · {count(day.blocked)} blocked · {count(day.canceled)} canceled
        </Figure>
      </dl>

      <Section title="Checks" className="mt-8">
        <div className="grid gap-4 lg:grid-cols-2">
          <Check id="ledger" name="Credit ledger" check={checks.ledger} unit="entries" />
          <Check id="log" name="Generation log" check={checks.log} unit="entries" />
        </div>
      </Section>

      <Section
        title="Readiness"
        about="What is settled, and what still stands between this deployment and the public."
      >
        <ul className="divide-y divide-line">
          {overview.readiness.map((item) => (
            <li key={item.id} className="flex gap-3 py-3">
              <ReadinessMark state={item.state} />
              <div className="min-w-0">
                <p className="font-medium">{item.title}</p>
                <p className="text-dim">{item.detail}</p>
              </div>
            </li>
          ))}
        </ul>
      </Section>

      <Section title="Recent failures">
        {overview.recent_failures.length === 0 ? (
          <p className="text-dim">None. Nothing was charged for what is listed here, ever.</p>
        ) : (
          <Table
            label="Recent failures"
            head={
              <>
                <HeadCell>When</HeadCell>
                <HeadCell>Model</HeadCell>
                <HeadCell>State</HeadCell>
                <HeadCell>What happened</HeadCell>
                <HeadCell>Generation</HeadCell>
                <HeadCell>Account</HeadCell>
              </>
            }
          >
            {overview.recent_failures.map((failure) => (
              <tr key={failure.generation_id}>
                <Cell className="whitespace-nowrap">
                  <time dateTime={failure.finished_at}>{dateTime(failure.finished_at)}</time>
                </Cell>
                <Cell>{failure.model}</Cell>
                <Cell>{failure.state}</Cell>
                <Cell className="min-w-72">
                  {failure.fault ? (
                    <>
                      {failure.fault.message}
                      <span className="numbers block text-small text-dim">{failure.fault.code}</span>
                    </>
                  ) : (
                    '–'
                  )}
                </Cell>
                <Cell className="numbers text-small">{failure.generation_id}</Cell>
                <Cell className="numbers text-small">{failure.account_id}</Cell>
              </tr>
            ))}
          </Table>
        )}
      </Section>
    </>
  )
}

function Figure({ name, value, children }: { name: string; value: number; children: ReactNode }) {
  return (
    <div className="flex flex-col bg-panel p-4">
      <dt className="text-small text-dim">{name}</dt>
      <dd className="numbers text-title font-medium">{count(value)}</dd>
      <dd className="text-small text-dim">{children}</dd>
    </div>
  )
}

function ReadinessMark({ state }: { state: 'ok' | 'attention' | 'blocking' }) {
  const look = {
    ok: { Icon: CircleCheck, colour: 'text-good', words: 'Settled' },
    attention: { Icon: TriangleAlert, colour: 'text-tungsten-ink', words: 'Needs attention' },
    blocking: { Icon: CircleAlert, colour: 'text-cut-ink', words: 'Blocks going public' },
  }[state]
  return (
    <p className={`flex w-44 flex-none items-start gap-2 text-small ${look.colour} max-sm:w-auto`}>
      <look.Icon size={18} aria-hidden="true" />
      <span className="max-sm:sr-only">{look.words}</span>
    </p>
  )
}

function Check({
  id,
  name,
  check,
  unit,
}: {
  id: 'ledger' | 'log'
  name: string
  check: Overview['checks']['ledger']
  unit: string
}) {
  const run = useMutation({
    mutationFn: () => call(`/v1/console/checks/${id}`, { method: 'POST' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: overviewKey }),
  })
  const look = {
    passed: { Icon: CircleCheck, colour: 'text-good', words: 'Passed' },
    failed: { Icon: CircleAlert, colour: 'text-cut-ink', words: 'Failed' },
    never: { Icon: CircleDashed, colour: 'text-dim', words: 'Not run yet' },
  }[check.state]
  return (
    <div className="rounded-control border border-line p-4">
      <div className="flex items-start justify-between gap-3">
        <div>
          <p className="font-medium">{name}</p>
          <p className={`mt-1 flex items-center gap-2 ${look.colour}`}>
            <look.Icon size={18} aria-hidden="true" />
            {look.words}
          </p>
        </div>
        <Button busyLabel={run.isPending && 'Running…'} onClick={() => run.mutate()}>
          Run now
        </Button>
      </div>
      <p className="mt-2 text-dim">{check.detail}</p>
      <p className="numbers mt-1 text-small text-dim">
        {check.at ? `${dateTime(check.at)} · ${count(check.checked)} ${unit}` : '–'}
      </p>
      {run.error ? (
        <Notice look="fault" className="mt-3">
          {sentenceOf(run.error)}
        </Notice>
      ) : null}
    </div>
  )
}
