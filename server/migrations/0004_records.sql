-- The generation log: what was made, when, for whom, with which settings and with which result. Rows are added by the
-- transaction that causes them; one sealer chains them after they have committed, so that the order of the chain is
-- never the cause of a wait and a rollback leaves no hole in it.
create table records (
  id                 bigint generated always as identity primary key,
  kind               text not null,
  account_id         text not null,
  subject_id         text not null,
  at                 timestamptz not null,
  -- Settings, prices, fingerprints, outcomes. Never what a person wrote.
  facts              jsonb not null,
  -- What was written stands sealed in record_contents. Here is only the proof of what it was.
  content_commitment bytea,
  content_sha256     bytea,
  sequence           bigint unique,
  previous_hash      bytea,
  hash               bytea,
  check ((sequence is null) = (hash is null) and (sequence is null) = (previous_hash is null)),
  check ((content_commitment is null) = (content_sha256 is null))
);
create index records_pending on records (id) where sequence is null;
create index records_by_account on records (account_id, sequence);
create index records_erasures on records (id) where kind = 'content.erased';

-- Sealed with the account's key. Rows go when their time is over or their account goes; the log stays whole.
create table record_contents (
  record_id  bigint primary key,
  account_id text not null,
  at         timestamptz not null,
  salt       bytea not null,
  sealed     bytea not null
);
create index record_contents_by_account on record_contents (account_id);
create index record_contents_by_time on record_contents (at);

-- Signed heads of the chain. Each is also written to a file outside the database.
create table record_checkpoints (
  sequence  bigint primary key,
  hash      bytea not null,
  at        timestamptz not null,
  key_id    text not null,
  signature bytea not null
);

create function records_refuse_change() returns trigger language plpgsql as $$
begin
  -- The one change there is: the sealer fills the three sealing columns, once.
  if tg_op = 'UPDATE' and tg_table_name = 'records' then
    if old.sequence is null and new.sequence is not null
      and (new.id, new.kind, new.account_id, new.subject_id, new.at, new.facts)
        = (old.id, old.kind, old.account_id, old.subject_id, old.at, old.facts)
      and new.content_commitment is not distinct from old.content_commitment
      and new.content_sha256 is not distinct from old.content_sha256
    then
      return new;
    end if;
  end if;
  raise exception '% on % is refused: the log is append-only', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end
$$;
create trigger records_append_only before update or delete on records
  for each row execute function records_refuse_change();
create trigger records_not_truncated before truncate on records
  for each statement execute function records_refuse_change();
create trigger record_contents_unchanged before update on record_contents
  for each row execute function records_refuse_change();
create trigger record_contents_not_truncated before truncate on record_contents
  for each statement execute function records_refuse_change();
create trigger record_checkpoints_append_only before update or delete on record_checkpoints
  for each row execute function records_refuse_change();
create trigger record_checkpoints_not_truncated before truncate on record_checkpoints
  for each statement execute function records_refuse_change();

-- Decisions of the prompt screening. The prompt of a refused request is kept sealed for as long as the profile says.
create table screenings (
  id              text primary key,
  account_id      text not null,
  at              timestamptz not null,
  decision        text not null check (decision in ('allow', 'block')),
  category        text,
  rule            text,
  lexicon_version text not null,
  prompt_sealed   bytea
);
create index screenings_by_account on screenings (account_id, id);
create index screenings_by_time on screenings (at) where prompt_sealed is not null;
