-- Models are data: what the operator changes here takes effect at once and on every process.
create table models (
  id         text primary key,
  -- Name, description and capabilities as the catalogue declares them.
  definition jsonb not null,
  enabled    boolean not null default true,
  updated_at timestamptz not null
);

-- Every price that a model ever had. A generation keeps the version it was quoted with.
create table model_prices (
  model_id                   text not null references models (id),
  version                    integer not null,
  -- Ten-thousandths of a credit per second of video, so that prices may be fractional and sums stay exact.
  credits_e4_per_second      bigint not null check (credits_e4_per_second >= 0),
  since                      timestamptz not null,
  primary key (model_id, version)
);
