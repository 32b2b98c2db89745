/**
 * The ledger again, in memory, as simply as it can be said: what the property tests hold the real one against. It
 * decides nothing in production.
 */
import { monthlyKey, type Period } from './credit-periods.ts'
import {
  type Burnable,
  isRestored,
  type ReturnCause,
  type Slice,
  splitSlices,
  takeSlices,
} from './credit-rules.ts'

export interface ModelBucket extends Burnable {
  readonly kind: string
  readonly sourceKey: string
  readonly parentId: number | null
  readonly amount: number
  remaining: number
  held: number
  spent: number
  expired: number
  revoked: number
}

export interface ModelHold {
  readonly id: string
  readonly amount: number
  readonly slices: readonly Slice[]
  captured: number
  released: number
  refunded: number
}

export class Refusal extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

export interface Model {
  buckets: ModelBucket[]
  holds: ModelHold[]
  /** What was done under which key, as text. */
  operations: Map<string, string>
  seq: number
  lastAtMs: number
  nextDripMs: number
}

export function emptyModel(openedAt: Date): Model {
  const atMs = openedAt.getTime()
  return { buckets: [], holds: [], operations: new Map(), seq: 0, lastAtMs: atMs, nextDripMs: atMs }
}

export const available = (model: Model) => model.buckets.reduce((sum, bucket) => sum + bucket.remaining, 0)
export const held = (model: Model) => model.buckets.reduce((sum, bucket) => sum + bucket.held, 0)
const isOver = (bucket: Burnable, atMs: number) =>
  bucket.expiresAt !== null && bucket.expiresAt.getTime() <= atMs
const isClosed = (hold: ModelHold) => hold.captured + hold.released === hold.amount

/** The time of an operation that is asked for at `now`, with everything due expired. */
export function begin(model: Model, now: Date): number {
  const atMs = Math.max(model.lastAtMs, now.getTime())
  const due = model.buckets.filter((bucket) => bucket.remaining > 0 && isOver(bucket, atMs))
  if (due.length > 0) {
    model.seq += 1
    model.lastAtMs = atMs
  }
  for (const bucket of due) {
    bucket.expired += bucket.remaining
    bucket.remaining = 0
  }
  return atMs
}

function bucketOf(model: Model, id: number): ModelBucket {
  const bucket = model.buckets.find((candidate) => candidate.id === id)
  if (!bucket) throw new Error(`the model has no bucket ${id}`)
  return bucket
}

type NewBucket = Pick<ModelBucket, 'kind' | 'sourceKey' | 'parentId' | 'amount' | 'costClass' | 'expiresAt'>

function addBucket(model: Model, bucket: NewBucket, atMs: number): void {
  model.seq += 1
  model.lastAtMs = atMs
  const zero = { held: 0, spent: 0, expired: 0, revoked: 0 }
  model.buckets.push({ ...bucket, ...zero, id: model.seq, rank: 100, remaining: bucket.amount })
}

export function drip(model: Model, amount: number, period: Period, now: Date): void {
  const atMs = begin(model, now)
  const sourceKey = monthlyKey(period)
  const endMs = period.end.getTime()
  const known = model.buckets.some((bucket) => bucket.sourceKey === sourceKey)
  if (!known && amount > 0 && endMs > atMs) {
    const given = { kind: 'promo', sourceKey, parentId: null, amount, costClass: 0, expiresAt: period.end }
    addBucket(model, given, atMs)
  }
  if (model.nextDripMs < endMs) {
    model.nextDripMs = endMs
    model.lastAtMs = atMs
  }
}

export function grant(model: Model, bucket: NewBucket, now: Date): void {
  const atMs = begin(model, now)
  const known = model.buckets.find((candidate) => candidate.sourceKey === bucket.sourceKey)
  if (known) {
    const same =
      known.amount === bucket.amount &&
      known.kind === bucket.kind &&
      known.expiresAt?.getTime() === bucket.expiresAt?.getTime()
    if (!same) throw new Refusal('idempotency_conflict')
    return
  }
  if (isOver({ ...bucket, id: 0, rank: 0 }, atMs)) throw new Refusal('expired')
  addBucket(model, bucket, atMs)
}

export function isDripDue(model: Model, atMs: number): boolean {
  return model.nextDripMs <= atMs
}

export function hold(model: Model, id: string, amount: number, openMax: number, now: Date): void {
  if (amount === 0) return
  const atMs = begin(model, now)
  const known = model.holds.find((candidate) => candidate.id === id)
  if (known && known.amount !== amount) throw new Refusal('idempotency_conflict')
  if (known) return
  if (model.holds.filter((candidate) => !isClosed(candidate)).length >= openMax) {
    throw new Refusal('too_many_outstanding')
  }
  const slices = takeSlices(model.buckets, amount)
  if (!slices) throw new Refusal('credits_insufficient')
  model.seq += 1
  model.lastAtMs = atMs
  for (const slice of slices) {
    const bucket = bucketOf(model, slice.bucketId)
    bucket.remaining -= slice.amount
    bucket.held += slice.amount
  }
  model.holds.push({ id, amount, slices, captured: 0, released: 0, refunded: 0 })
}

export interface Return {
  readonly cause: ReturnCause
  readonly restoreForMs: number
}

/** Puts slices back where they came from; what cannot go back is given anew, unless the customer stopped the job. */
function giveBack(
  model: Model,
  slices: readonly Slice[],
  from: 'held' | 'spent',
  key: string,
  how: Return,
  atMs: number,
) {
  const lost: Slice[] = []
  for (const slice of slices) {
    const bucket = bucketOf(model, slice.bucketId)
    bucket[from] -= slice.amount
    if (isOver(bucket, atMs)) {
      bucket.expired += slice.amount
      lost.push(slice)
    } else bucket.remaining += slice.amount
  }
  for (const { bucketId, amount } of isRestored(how.cause) ? lost : []) {
    const { costClass } = bucketOf(model, bucketId)
    const sourceKey = `restored:${key}:${bucketId}`
    const expiresAt = new Date(atMs + how.restoreForMs)
    addBucket(model, { kind: 'restored', sourceKey, parentId: bucketId, amount, costClass, expiresAt }, atMs)
  }
}

export function close(model: Model, id: string, charge: number, how: Return, now: Date): ModelHold | null {
  const atMs = begin(model, now)
  const known = model.holds.find((candidate) => candidate.id === id)
  if (!known && charge > 0) throw new Refusal('missing')
  if (!known || isClosed(known)) return known ?? null
  model.seq += 1
  model.lastAtMs = atMs
  const { charged, returned } = splitSlices(known.slices, charge)
  for (const slice of charged) {
    const bucket = bucketOf(model, slice.bucketId)
    bucket.held -= slice.amount
    bucket.spent += slice.amount
  }
  known.captured = Math.min(charge, known.amount)
  known.released = known.amount - known.captured
  giveBack(model, returned, 'held', id, how, atMs)
  return known
}

/** True when this key did the same before; refuses when it did something else. */
function isRepeated(model: Model, key: string, request: string): boolean {
  const before = model.operations.get(key)
  if (before !== undefined && before !== request) throw new Refusal('idempotency_conflict')
  return before !== undefined
}

export function refund(model: Model, id: string, amount: number, key: string, how: Return, now: Date): void {
  const request = `refund ${id} ${amount} ${how.cause}`
  if (isRepeated(model, key, request)) return
  const atMs = begin(model, now)
  const known = model.holds.find((candidate) => candidate.id === id)
  const kept = known ? known.captured - known.refunded : 0
  if (!known || amount > kept) throw new Refusal('state_conflict')
  model.seq += 1
  model.lastAtMs = atMs
  const stillCharged = splitSlices(known.slices, kept).charged
  known.refunded += amount
  giveBack(model, splitSlices(stillCharged, kept - amount).returned, 'spent', key, how, atMs)
  model.operations.set(key, request)
}

export function takeBack(model: Model, amount: number, key: string, now: Date): void {
  const request = `take back ${amount}`
  if (isRepeated(model, key, request)) return
  const atMs = begin(model, now)
  const total = available(model)
  if (amount > total) throw new Refusal('credits_insufficient')
  model.seq += 1
  model.lastAtMs = atMs
  // Last in the burn order goes first: what remains is what a hold of the rest would take.
  const everything = takeSlices(model.buckets, total) ?? []
  for (const slice of splitSlices(everything, total - amount).returned) {
    const bucket = bucketOf(model, slice.bucketId)
    bucket.remaining -= slice.amount
    bucket.revoked += slice.amount
  }
  model.operations.set(key, request)
}
