import { randomInt } from 'node:crypto'
import {
  type CreateGeneration,
  type Generation,
  newId,
  type Page,
  type Quote,
  type QuoteRequest,
} from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import { cutPage } from '../../platform/http/index.ts'
import type { BoundQuote } from '../models/index.ts'
import { forgetOperationsOf } from './attempt-store.ts'
import { finish } from './finish.ts'
import { type GenerationKey, type GenerationRow, promptContext } from './generation.ts'
import {
  insertGeneration,
  lockGeneration,
  selectGeneration,
  selectGenerations,
  updateCancelAsked,
  updateDeleted,
} from './generation-store.ts'
import { insertKey, selectKey } from './idempotency-store.ts'
import { enterLine } from './line-store.ts'
import { present } from './present.ts'
import { lineTopic, offerOf, type Room } from './room.ts'
import type { Waits } from './waits.ts'

export interface Generations {
  /** What these settings would cost now, and what would be left. Nothing is written. */
  quote(accountId: string, request: QuoteRequest): Promise<Quote>
  /**
   * Accepts a generation: screening, price, hold, place in the line, log entry and event, all or nothing. The same
   * `idempotencyKey` with the same request answers the same generation.
   */
  create(
    who: { accountId: string; userId: string },
    request: CreateGeneration,
    idempotencyKey: string | null,
  ): Promise<Generation>
  get(key: GenerationKey): Promise<Generation>
  list(accountId: string, page: { limit: number; after?: string | undefined }): Promise<Page<Generation>>
  cancel(key: GenerationKey): Promise<Generation>
  /** Takes an ended generation and its outputs away. */
  delete(key: GenerationKey): Promise<void>
}

const notFound = () => new AppError('not_found', 'There is no such generation in this account.')

export function createGenerations(room: Room, waits: Waits, outputsKeptDays: number | null): Generations {
  async function toContract(rows: readonly GenerationRow[]): Promise<Generation[]> {
    return present(room, waits, rows)
  }

  async function one(key: GenerationKey): Promise<Generation> {
    const row = await selectGeneration(room.db, key)
    const [generation] = row ? await toContract([row]) : []
    if (!generation) throw notFound()
    return generation
  }

  /** The generation that an Idempotency-Key made before, if any. */
  async function replay(
    accountId: string,
    key: string,
    requestHash: Buffer,
  ): Promise<Generation | undefined> {
    const earlier = await selectKey(room.db, accountId, key)
    if (!earlier) return undefined
    if (!earlier.requestHash.equals(requestHash)) {
      throw new AppError(
        'idempotency_conflict',
        'This Idempotency-Key came with another request before. Use a new key for a new request. Nothing was charged.',
      )
    }
    return one({ accountId, id: earlier.generationId })
  }

  async function assertReference(accountId: string, id: string | undefined): Promise<void> {
    if (id === undefined) return
    const asset = await room.assets.get(accountId, id).catch(() => undefined)
    if (asset?.kind === 'image') return
    throw new AppError(
      'request_invalid',
      'The reference image does not exist in this account. Nothing was charged.',
      {
        fields: [{ field: 'reference_asset_id', code: 'unknown', message: 'No such image in this account.' }],
      },
    )
  }

  function assertPrice(request: CreateGeneration, quote: BoundQuote): void {
    if (request.price_version !== undefined && request.price_version !== quote.priceVersion) {
      throw new AppError(
        'quote_changed',
        `The price has changed: it is ${quote.credits} credits now. Nothing was charged; look at the price and press again.`,
        { members: { credits: quote.credits, price_version: quote.priceVersion } },
      )
    }
    if (request.max_cost !== undefined && quote.credits > request.max_cost) {
      throw new AppError(
        'max_cost_exceeded',
        `This costs ${quote.credits} credits, more than the ${request.max_cost} that you allow. Nothing was charged.`,
        {
          fields: [
            { field: 'max_cost', code: 'too_small', message: `The price is ${quote.credits} credits.` },
          ],
        },
      )
    }
  }

  return {
    async quote(accountId, request) {
      const quote = await room.models.quote(request)
      const balance = await room.credits.balance(accountId, room.clock.now())
      return {
        model: quote.model.id,
        credits: quote.credits,
        price_version: quote.priceVersion,
        credits_available: balance.available,
        credits_after: balance.available - quote.credits,
        typical_wait_seconds: await waits.typicalSeconds(quote.model.id),
        expires_in_days: outputsKeptDays,
      }
    },

    async create({ accountId, userId }, request, idempotencyKey) {
      // Keyed: with a plain hash, whoever reads the database could try prompts until one matches.
      const fingerprint = room.keyring.blindIndex('generation.request', JSON.stringify(sorted(request)))
      const requestHash = Buffer.from(fingerprint, 'hex')
      if (idempotencyKey !== null) {
        const earlier = await replay(accountId, idempotencyKey, requestHash)
        if (earlier) return earlier
      }
      const quote = await room.models.quote(request)
      const lane = offerOf(quote.model.offers, room.lanes)
      if (!lane)
        throw new AppError('provider_unavailable', `${quote.model.name} is not available at the moment.`)
      assertPrice(request, quote)
      await assertReference(accountId, request.reference_asset_id)
      await room.moderation.admit(accountId, request.prompt)

      const now = room.clock.now()
      const id = newId('gen', now.getTime())
      const parameters = {
        seconds: request.seconds,
        aspect_ratio: request.aspect_ratio,
        resolution: request.resolution,
        width: quote.width,
        height: quote.height,
        seed: request.seed ?? randomInt(2_147_483_647),
        n: request.n,
        audio: request.audio,
      }
      const prompt = await room.keyring.seal(accountId, promptContext(id), request.prompt)
      const logged = await room.records.prepare({
        kind: 'generation.accepted',
        accountId,
        subjectId: id,
        at: now,
        facts: {
          user_id: userId,
          model: quote.model.id,
          credits: quote.credits,
          price_version: quote.priceVersion,
          parameters,
          reference_asset_id: request.reference_asset_id ?? null,
        },
        sealed: request.prompt,
      })
      const deadline = new Date(now.getTime() + room.deadlines.queuedMs)
      const accepted = await room.db.transaction(async (tx) => {
        if (idempotencyKey !== null) {
          const entry = { accountId, key: idempotencyKey, requestHash, generationId: id, at: now }
          // Somebody was quicker with the same key: theirs is the answer.
          if (!(await insertKey(tx, entry))) return false
        }
        await room.credits.hold(tx, { accountId, holdId: id, amount: quote.credits, deadline, now })
        await insertGeneration(tx, {
          accountId,
          id,
          userId,
          modelId: quote.model.id,
          lane: lane.id,
          priceVersion: quote.priceVersion,
          credits: quote.credits,
          parameters,
          prompt,
          referenceAssetId: request.reference_asset_id ?? null,
          deadline,
          createdAt: now,
        })
        if (!(await enterLine(tx, { accountId, id }, lane.id, room.limits))) {
          throw new AppError(
            'too_many_outstanding',
            `At most ${room.limits.outstandingMax} generations may wait at once. Nothing was charged; let some finish first.`,
            { retryAfterSeconds: 30 },
          )
        }
        await room.records.append(tx, logged)
        await room.events.append(tx, { accountId, type: 'generation.queued', subjectId: id, at: now })
        tx.afterCommit(() => room.hints.hint(lineTopic))
        room.reached('accept.before_commit')
        return true
      })
      room.reached('accept.after_commit')
      if (!accepted && idempotencyKey !== null) {
        const earlier = await replay(accountId, idempotencyKey, requestHash)
        if (earlier) return earlier
        throw new AppError(
          'overloaded',
          'The same request is just being accepted. Try again. Nothing was charged.',
        )
      }
      return one({ accountId, id })
    },

    get: one,

    async list(accountId, { limit, after }) {
      const rows = await selectGenerations(room.db, accountId, { before: after ?? null, limit: limit + 1 })
      const { shown, next } = cutPage(rows, limit, (row) => row.id)
      return { data: await toContract(shown), next }
    },

    async cancel(key) {
      await room.db.transaction(async (tx) => {
        const generation = await lockGeneration(tx, key)
        if (!generation) throw notFound()
        if (generation.lineState === 'done') {
          throw new AppError('state_conflict', `It is ${generation.state} already.`)
        }
        if (generation.state === 'queued') return finish(room, tx, generation, { state: 'canceled' })
        if (generation.state === 'collecting' || !room.lanes.get(generation.lane)?.provider.cancel) {
          throw new AppError(
            'state_conflict',
            'It can no longer be stopped. It will be delivered, and charged at the price that was quoted.',
          )
        }
        const at = room.clock.now()
        await updateCancelAsked(tx, key, at)
        // It is shown as stopping from now on, wherever somebody watches.
        await room.events.append(tx, {
          accountId: key.accountId,
          type: 'generation.progressed',
          subjectId: key.id,
          at,
        })
        tx.afterCommit(() => room.hints.hint(lineTopic))
      })
      return one(key)
    },

    async delete(key) {
      await room.db.transaction(async (tx) => {
        const generation = await lockGeneration(tx, key)
        if (!generation) throw notFound()
        if (generation.lineState !== 'done') {
          throw new AppError('state_conflict', 'It is still being made. Cancel it first.')
        }
        const at = room.clock.now()
        await room.assets.deleteOfGeneration(tx, key.accountId, key.id)
        await updateDeleted(tx, key, at)
        await forgetOperationsOf(tx, key)
        await room.records.append(tx, {
          kind: 'generation.deleted',
          accountId: key.accountId,
          subjectId: key.id,
          at,
          facts: {},
        })
        await room.events.append(tx, {
          accountId: key.accountId,
          type: 'generation.deleted',
          subjectId: key.id,
          at,
        })
      })
    },
  }
}

/** Keys in one order, so that the same request hashes the same however it was written down. */
function sorted(request: CreateGeneration): Record<string, unknown> {
  return Object.fromEntries(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1)))
}
