import type { Model, QuoteRequest } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/index.ts'
import type { ModelDefinition, Offer } from './catalogue.ts'
import {
  insertPrice,
  type StoredModel,
  selectModel,
  selectModels,
  updateEnabled,
  upsertModel,
} from './model-store.ts'
import { capabilityFaults, creditScale, frameSize, quoteCredits } from './quote.ts'

/** A quote that binds: what `POST /v1/generations` will hold for these parameters. */
export interface BoundQuote {
  readonly model: ModelDefinition
  readonly credits: number
  readonly priceVersion: number
  readonly width: number
  readonly height: number
}

export interface Models {
  /** Adds what the catalogue declares and the database lacks. Safe to run at every start, on every process. */
  seed(catalogue: readonly ModelDefinition[]): Promise<void>
  list(options?: { includeDisabled?: boolean }): Promise<Model[]>
  /** One model, also when it is switched off. @throws AppError model_unknown */
  get(id: string): Promise<Model>
  /** The ways to run a model; empty for one that does not exist. */
  offers(id: string): Promise<readonly Offer[]>
  /** @throws AppError model_unknown (lists what exists), parameter_unsupported (each field named) */
  quote(request: Omit<QuoteRequest, 'prompt'> & { prompt?: string | undefined }): Promise<BoundQuote>
  /** @throws AppError model_unknown, request_invalid */
  setPrice(id: string, creditsPerSecond: number): Promise<Model>
  setEnabled(id: string, enabled: boolean): Promise<Model>
}

export function createModels(options: {
  db: Database
  clock: Clock
  /** Median seconds from accepted to delivered of this deployment, null while unknown. */
  typicalWaitSeconds: (modelId: string) => Promise<number | null>
}): Models {
  const { db, clock } = options

  async function toContract(stored: StoredModel): Promise<Model> {
    const { offers: _offers, default_credits_per_second: _default, ...declared } = stored.definition
    return {
      ...declared,
      enabled: stored.enabled,
      price: {
        version: stored.priceVersion,
        credits_per_second: stored.creditsE4PerSecond / creditScale,
      },
      typical_wait_seconds: await options.typicalWaitSeconds(stored.definition.id),
    }
  }

  async function unknownModel(id: string): Promise<AppError> {
    const available = (await selectModels(db))
      .filter((model) => model.enabled)
      .map((model) => model.definition.id)
    return new AppError(
      'model_unknown',
      `There is no model "${id.slice(0, 100)}". There is: ${available.join(', ') || 'none'}. Nothing was charged.`,
      { fields: [{ field: 'model', code: 'unknown', message: 'No such model.' }], members: { available } },
    )
  }

  async function existing(id: string): Promise<StoredModel> {
    const stored = await selectModel(db, id)
    if (!stored) throw await unknownModel(id)
    return stored
  }

  return {
    async seed(catalogue) {
      await db.transaction(async (tx) => {
        for (const definition of catalogue) {
          const price = Math.round(definition.default_credits_per_second * creditScale)
          await upsertModel(tx, definition, price, clock.now())
        }
      })
    },

    async list({ includeDisabled = false } = {}) {
      const stored = await selectModels(db)
      return Promise.all(stored.filter((model) => includeDisabled || model.enabled).map(toContract))
    },

    async get(id) {
      return toContract(await existing(id))
    },

    async offers(id) {
      return (await selectModel(db, id))?.definition.offers ?? []
    },

    async quote(request) {
      const stored = await selectModel(db, request.model)
      if (!stored?.enabled) throw await unknownModel(request.model)
      const faults = capabilityFaults(stored.definition.capabilities, request)
      if (faults.length > 0) {
        const names = faults.map((fault) => fault.field).join(', ')
        throw new AppError('parameter_unsupported', `${stored.definition.name} cannot do that: ${names}.`, {
          fields: faults,
        })
      }
      return {
        model: stored.definition,
        credits: quoteCredits(stored.creditsE4PerSecond, request.seconds, request.n),
        priceVersion: stored.priceVersion,
        ...frameSize(request.aspect_ratio, request.resolution),
      }
    },

    async setPrice(id, creditsPerSecond) {
      const scaled = Math.round(creditsPerSecond * creditScale)
      if (!Number.isSafeInteger(scaled) || scaled < 0 || scaled > 1_000_000 * creditScale) {
        throw new AppError('request_invalid', 'A price is 0 to 1,000,000 credits per second.', {
          fields: [{ field: 'credits_per_second', code: 'out_of_range', message: 'Must be 0 to 1,000,000.' }],
        })
      }
      await existing(id)
      await db.transaction((tx) => insertPrice(tx, id, scaled, clock.now()))
      return toContract(await existing(id))
    },

    async setEnabled(id, enabled) {
      await existing(id)
      await updateEnabled(db, id, enabled, clock.now())
      return toContract(await existing(id))
    },
  }
}
