import type { Page, StatementLine } from '@backlot/contract'
import { isId } from '@backlot/contract'
import { codes } from './credit-rules.ts'

/** One entry with what is known of its grant. */
export interface StatementEntry {
  readonly seq: number
  readonly ord: number
  readonly kind: string
  readonly from_code: number
  readonly to_code: number
  readonly amount: number
  readonly ref: string | null
  readonly cause: string | null
  readonly available_after: number
  readonly held_after: number
  readonly at: Date
  readonly bucket_kind: string | null
  readonly source_key: string | null
  readonly expires_at: Date | null
  readonly effective_at: Date | null
  readonly reason: string | null
}

/** A place in the statement: everything older than this line is still to come. */
export interface StatementCursor {
  readonly seq: number
  readonly ord: number
}

/** Null for what was never a cursor. */
export function readCursor(text: string): StatementCursor | null {
  const match = /^(\d{1,15})\.(\d{1,5})$/.exec(text)
  return match ? { seq: Number(match[1]), ord: Number(match[2]) } : null
}

/**
 * Entries as lines for people: the transfers of one posting group that mean the same thing (a hold on two grants) are
 * one line. Write-offs are ours and do not show.
 *
 * @param entries newest first, whole groups
 */
export function presentStatement(
  entries: readonly StatementEntry[],
  cursor: StatementCursor,
  limit: number,
): Page<StatementLine> {
  const groups: StatementEntry[][] = []
  for (const entry of entries) {
    const older = entry.seq < cursor.seq || (entry.seq === cursor.seq && entry.ord < cursor.ord)
    if (!older || entry.kind === 'overrun') continue
    const group = groups.at(-1)
    if (group?.[0] && group[0].seq === entry.seq && group[0].kind === entry.kind) group.push(entry)
    else groups.push([entry])
  }
  const data = groups.slice(0, limit).map(toLine)
  const oldest = data.at(-1)
  const more = groups.length > limit || (entries.at(-1)?.seq ?? 1) > 1
  return { data, next: oldest && more ? oldest.id : null }
}

function toLine(group: readonly StatementEntry[]): StatementLine {
  const newest = group[0] as StatementEntry
  const oldest = group.at(-1) as StatementEntry
  const change = (code: number) =>
    group.reduce(
      (sum, { from_code, to_code, amount }) =>
        sum + (to_code === code ? amount : 0) - (from_code === code ? amount : 0),
      0,
    )
  return {
    id: `${newest.seq}.${oldest.ord}`,
    at: newest.at.toISOString(),
    kind: newest.kind as StatementLine['kind'],
    amount: change(codes.available),
    held_change: change(codes.held),
    available_after: newest.available_after,
    held_after: newest.held_after,
    generation_id: newest.ref !== null && isId('gen', newest.ref) ? newest.ref : null,
    explanation: explain(newest),
  }
}

function explain(entry: StatementEntry): string {
  switch (entry.kind) {
    case 'grant':
      return `${grantName(entry)}${validity(entry)}`
    case 'restore':
      return `Given anew after ${ending(entry.cause)}, because the original credits had expired${validity(entry)}`
    case 'hold':
      return 'Held for a generation'
    case 'capture':
      return 'Charged for a delivered generation'
    case 'release':
      return `Returned: ${returned(entry.cause)}`
    case 'refund':
      return 'Refunded: given back after it had been charged'
    case 'expire':
      return entry.from_code === codes.available
        ? `Expired: ${grantTitle(entry)}${entry.effective_at ? ` of ${day(entry.effective_at)}` : ''}`
        : `Returned, but expired meanwhile: ${returned(entry.cause)}`
    case 'adjust':
      return entry.reason ? `Taken back by the operator: ${entry.reason}` : 'Taken back by the operator'
    case 'revoke':
      return 'Taken back because the payment was returned'
    default:
      return 'Changed'
  }
}

function grantTitle(entry: StatementEntry): string {
  switch (entry.bucket_kind) {
    case 'promo':
      return entry.source_key?.startsWith('free:') ? 'monthly free credits' : 'free credits'
    case 'subscription':
      return 'credits of the subscription'
    case 'pack':
      return 'credit pack'
    case 'restored':
      return 'restored credits'
    default:
      return 'credits from the operator'
  }
}

function grantName(entry: StatementEntry): string {
  const title = grantTitle(entry)
  const name = title.charAt(0).toUpperCase() + title.slice(1)
  return entry.reason ? `${name}: ${entry.reason}` : name
}

function validity(entry: StatementEntry): string {
  if (entry.expires_at) return `, good until ${day(entry.expires_at)}`
  return entry.bucket_kind === 'pack' ? ', never expires' : ', never expire'
}

function returned(cause: string | null): string {
  switch (cause) {
    case 'failure':
      return 'the generation failed'
    case 'canceled':
      return 'the generation was canceled'
    case 'blocked':
      return 'the generation was blocked by a rule'
    default:
      return 'the generation cost less than was held'
  }
}

function ending(cause: string | null): string {
  switch (cause) {
    case 'failure':
      return 'a failed generation'
    case 'blocked':
      return 'a blocked generation'
    default:
      return 'a generation'
  }
}

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})

function day(at: Date): string {
  return dayFormat.format(at)
}
