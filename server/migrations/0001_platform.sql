-- The outbox: every change that somebody else may want to hear about, written in the transaction that makes it.
-- A reader's position is (transaction_id, id): rows become visible only when no older transaction can still add
-- one before them, so a cursor never skips what commits late.
create table events (
  transaction_id xid8 not null default pg_current_xact_id(),
  id             bigint generated always as identity,
  account_id     text not null,
  type           text not null,
  subject_id     text not null,
  data           jsonb not null default '{}',
  at             timestamptz not null,
  primary key (transaction_id, id)
);
create index events_by_account on events (account_id, transaction_id, id);
create index events_by_time on events (at);

-- One data key per account, wrapped by the deployment's key. Destroying the row makes all that it sealed unreadable.
create table account_keys (
  account_id  text primary key,
  wrapped_key bytea not null,
  key_id      text not null,
  created_at  timestamptz not null default now()
);
