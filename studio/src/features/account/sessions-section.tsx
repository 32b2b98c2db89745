import type { Session } from '@backlot/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { call, sentenceOf } from '../../lib/api.ts'
import { useNow } from '../../lib/clocks.ts'
import { ago } from '../../lib/format.ts'
import { queryClient } from '../../lib/query-client.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section, Waiting } from '../../ui/panel.tsx'

const sessions = ['sessions']

export function SessionsSection() {
  const nowMs = useNow()
  const { data, error } = useQuery({
    queryKey: sessions,
    queryFn: async ({ signal }) => (await call<{ data: Session[] }>('/v1/sessions', { signal })).data,
  })
  const end = useMutation({
    mutationFn: (path: string) => call(path, { method: 'DELETE' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessions }),
  })
  const others = data?.filter((session) => !session.current) ?? []
  return (
    <Section
      title="Sessions"
      about="Where you are signed in. End what you do not recognise, then change the password."
      actions={
        others.length > 0 ? (
          <Button busyLabel={end.isPending && 'Ending…'} onClick={() => end.mutate('/v1/sessions')}>
            End all others
          </Button>
        ) : undefined
      }
    >
      {end.error ? <Notice look="fault">{sentenceOf(end.error)}</Notice> : null}
      {data === undefined ? (
        error ? (
          <Notice look="fault">{sentenceOf(error)}</Notice>
        ) : (
          <Waiting label="Fetching your sessions…" lines={2} />
        )
      ) : (
        <ul className="divide-y divide-line">
          {data.map((session) => (
            <li key={session.id} className="flex min-h-14 items-center justify-between gap-4 py-2">
              <div className="min-w-0">
                <p>
                  {session.device}
                  {session.current ? <span className="text-dim"> · this one</span> : null}
                </p>
                <p className="text-small text-dim">
                  {session.ip_address ? `${session.ip_address} · ` : ''}
                  last seen {ago(session.last_seen_at, nowMs)}
                </p>
              </div>
              {session.current ? null : (
                <Button
                  look="quiet"
                  aria-label={`End the session on ${session.device}`}
                  onClick={() => end.mutate(`/v1/sessions/${encodeURIComponent(session.id)}`)}
                >
                  End
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
