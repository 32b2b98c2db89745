import type { Queryable, Transaction } from '../../platform/db/index.ts'
import type { ModelDefinition } from './catalogue.ts'

export interface StoredModel {
  readonly definition: ModelDefinition
  readonly enabled: boolean
  readonly priceVersion: number
  readonly creditsE4PerSecond: number
}

interface ModelRow {
  definition: ModelDefinition
  enabled: boolean
  version: number
  credits_e4_per_second: number
}

const newestPrice = `
  select m.definition, m.enabled, p.version, p.credits_e4_per_second
  from models m
  join lateral (select version, credits_e4_per_second from model_prices
                where model_id = m.id order by version desc limit 1) p on true`

export async function selectModels(db: Queryable): Promise<StoredModel[]> {
  const rows = await db.query<ModelRow>(`${newestPrice} order by m.id`, [], 'select-models')
  return rows.map(fromRow)
}

export async function selectModel(db: Queryable, id: string): Promise<StoredModel | undefined> {
  const rows = await db.query<ModelRow>(`${newestPrice} where m.id = $1`, [id], 'select-model')
  return rows.map(fromRow)[0]
}

/** Adds a model that is not there yet; its declaration is refreshed, its price and switch stay as the operator set them. */
export async function upsertModel(
  tx: Queryable,
  definition: ModelDefinition,
  creditsE4PerSecond: number,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into models (id, definition, updated_at) values ($1, $2, $3)
     on conflict (id) do update set definition = excluded.definition, updated_at = excluded.updated_at
     where models.definition is distinct from excluded.definition`,
    [definition.id, JSON.stringify(definition), at],
  )
  await tx.query(
    `insert into model_prices (model_id, version, credits_e4_per_second, since) values ($1, 1, $2, $3)
     on conflict do nothing`,
    [definition.id, creditsE4PerSecond, at],
  )
}

/** Adds a price version, unless the price is that already. The lock keeps two operators from the same version. */
export async function insertPrice(
  tx: Transaction,
  id: string,
  creditsE4PerSecond: number,
  at: Date,
): Promise<void> {
  await tx.query('select 1 from models where id = $1 for update', [id])
  await tx.query(
    `insert into model_prices (model_id, version, credits_e4_per_second, since)
     select model_id, version + 1, $2, $3 from model_prices
     where model_id = $1 and credits_e4_per_second <> $2
       and version = (select max(version) from model_prices where model_id = $1)`,
    [id, creditsE4PerSecond, at],
  )
}

export async function updateEnabled(tx: Queryable, id: string, enabled: boolean, at: Date): Promise<void> {
  await tx.query('update models set enabled = $2, updated_at = $3 where id = $1', [id, enabled, at])
}

function fromRow(row: ModelRow): StoredModel {
  return {
    definition: row.definition,
    enabled: row.enabled,
    priceVersion: row.version,
    creditsE4PerSecond: row.credits_e4_per_second,
  }
}
