-- The credit ledger. One balance row per account, one row per grant ("bucket"), one row per running job's hold, and
-- append-only entries, each of which is one balanced transfer between two codes. Every function
--   * takes the time as an argument, and never lets an account's time go backwards;
--   * locks the account's row first (`for no key update`: inserts that refer to the account do not wait for it) and
--     reads buckets only in later statements, which see what the lock waited for (READ COMMITTED);
--   * expires what is due before it does anything else, so no stale credit can be spent;
--   * answers an outcome instead of raising for whatever a caller may expect, so its transaction stays usable.

create table credit_accounts (
  id          text primary key,
  available   bigint not null default 0,
  held        bigint not null default 0,
  frozen      bigint not null default 0,
  debt        bigint not null default 0,
  seq         bigint not null default 0,
  open_holds  integer not null default 0,
  opened_at   timestamptz not null,                      -- anchor of the monthly periods
  last_at     timestamptz not null,                      -- time of the newest entry
  next_drip   timestamptz not null,                      -- start of the next period of monthly credits
  next_expiry timestamptz not null,                      -- until then the numbers above are exact
  check (available >= 0 and held >= 0 and frozen >= 0 and debt >= 0 and open_holds >= 0),
  check (available + held + frozen <= 9007199254740991)  -- what a number of JSON can hold
) with (fillfactor = 50);
-- For the sweeper. Holds and captures leave next_expiry alone (save the one that empties a bucket), so they stay HOT.
create index credit_accounts_due on credit_accounts (next_expiry);

create table credit_buckets (
  account_id   text not null,
  id           bigint not null,                          -- seq of the posting group that created it
  kind         text not null check (kind in ('subscription', 'pack', 'promo', 'admin', 'restored')),
  rank         smallint not null default 100,            -- equal for all unless an operator overrides it
  cost_class   smallint not null check (cost_class between 0 and 2), -- 0 free, 1 subscription, 2 pack
  source_key   text not null,                            -- idempotency key of the grant
  payment_id   text,                                     -- paid buckets: the unit of clawback
  parent_id    bigint,                                   -- 'restored': the bucket that had expired
  reason       text,                                     -- an operator's words, shown on the statement
  effective_at timestamptz not null,
  expires_at   timestamptz not null default 'infinity',  -- usable while now < expires_at
  open         boolean not null default true,
  amount       bigint not null check (amount > 0),
  remaining    bigint not null,
  held         bigint not null default 0,
  frozen       bigint not null default 0,
  spent        bigint not null default 0,
  expired      bigint not null default 0,
  revoked      bigint not null default 0,
  primary key (account_id, id),
  unique (account_id, source_key),
  constraint credit_buckets_conserve check (amount = remaining + held + frozen + spent + expired + revoked),
  constraint credit_buckets_positive check (least(remaining, held, frozen, spent, expired, revoked) >= 0),
  constraint credit_buckets_open check (open = (remaining + held + frozen > 0))
) with (fillfactor = 70);
-- The burn order. `open` instead of `remaining > 0`: an update is only HOT when no column of an index changes.
create index credit_buckets_burn on credit_buckets (account_id, rank, expires_at, cost_class, id) where open;

create table credit_holds (
  account_id text not null,
  id         text not null,                              -- the generation's id: a natural idempotency key
  amount     bigint not null check (amount > 0),
  captured   bigint not null default 0,
  released   bigint not null default 0,
  refunded   bigint not null default 0,
  state      text not null default 'open' check (state in ('open', 'captured', 'released')),
  cause      text,
  deadline   timestamptz not null,
  taken_at   timestamptz not null,
  closed_at  timestamptz,
  bucket_ids bigint[] not null,                          -- slices in burn order, as taken
  amounts    bigint[] not null,
  primary key (account_id, id),
  check (captured >= 0 and released >= 0 and captured + released <= amount),
  check (refunded between 0 and captured),
  check ((state = 'open') = (captured + released < amount)),
  check ((state = 'open') = (closed_at is null)),
  check (cardinality(bucket_ids) = cardinality(amounts))
) with (fillfactor = 70);
create index credit_holds_due on credit_holds (deadline) where state = 'open';
create index credit_holds_closed on credit_holds (closed_at) where state <> 'open';

-- Codes: 10 available, 20 held, 25 frozen, 70 debt (the customer's); 30 spent, 40 expired, 50 revoked,
-- 60 issued_paid, 61 issued_free, 62 issued_admin, 80 written_off (ours). They are added, never changed.
-- Partitioned by month, so that only the newest index is written to; `credit_prepare_entries` makes partitions ahead
-- of time, and the default one takes whatever has none, so that no posting can fail for the want of a table.
create table credit_entries (
  account_id      text not null,
  seq             bigint not null,
  ord             smallint not null,
  kind            text not null check (kind in ('grant', 'hold', 'capture', 'release', 'refund', 'expire', 'revoke',
                                                'adjust', 'restore', 'overrun')),
  from_code       smallint not null check (from_code in (10, 20, 25, 30, 40, 50, 60, 61, 62, 70, 80)),
  to_code         smallint not null check (to_code in (10, 20, 25, 30, 40, 50, 60, 61, 62, 70, 80)),
  bucket_id       bigint,
  amount          bigint not null check (amount > 0),
  ref             text,
  cause           text,
  available_after bigint not null,
  held_after      bigint not null,
  at              timestamptz not null,
  check (from_code <> to_code)
) partition by range (at);
create table credit_entries_default partition of credit_entries default;
create unique index credit_entries_default_key on credit_entries_default (account_id, seq, ord);

-- Operations without a natural key: what was asked, and what was answered.
create table credit_operations (
  account_id   text not null,
  key          text not null,
  request_hash bytea not null,
  seq          bigint not null,
  result       jsonb not null,
  reason       text,
  at           timestamptz not null,
  primary key (account_id, key)
);

create function credit_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger credit_entries_append_only before update or delete on credit_entries
  for each row execute function credit_refuse_change();
create trigger credit_entries_no_truncate before truncate on credit_entries
  for each statement execute function credit_refuse_change();
create trigger credit_entries_no_truncate before truncate on credit_entries_default
  for each statement execute function credit_refuse_change();

-- Partitions for the month of p_now and the two after it. A month whose entries are in the default partition already
-- stays there. Safe to run by many processes at once.
create function credit_prepare_entries(p_now timestamptz) returns integer
language plpgsql as $$
declare
  v_from timestamptz;
  v_to   timestamptz;
  v_name text;
  v_made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('credit_prepare_entries'));
  for i in 0 .. 2 loop
    v_from := (date_trunc('month', p_now at time zone 'UTC') + make_interval(months => i)) at time zone 'UTC';
    v_to := (date_trunc('month', p_now at time zone 'UTC') + make_interval(months => i + 1)) at time zone 'UTC';
    v_name := 'credit_entries_' || to_char(v_from at time zone 'UTC', 'YYYY_MM');
    continue when to_regclass(v_name) is not null;
    continue when exists (select from credit_entries_default where at >= v_from and at < v_to);
    execute format('create table %I partition of credit_entries for values from (%L) to (%L)', v_name, v_from, v_to);
    execute format('create unique index %I on %I (account_id, seq, ord)', v_name || '_key', v_name);
    execute format('create trigger credit_entries_no_truncate before truncate on %I for each statement '
                   'execute function credit_refuse_change()', v_name);
    v_made := v_made + 1;
  end loop;
  return v_made;
end $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Parts. They work on the locked account's row as a value; whoever calls them writes it back with credit_save.

create function credit_save(a credit_accounts) returns void language sql volatile as $$
  update credit_accounts
  set available = a.available, held = a.held, frozen = a.frozen, debt = a.debt, seq = a.seq,
      open_holds = a.open_holds, last_at = a.last_at, next_drip = a.next_drip, next_expiry = a.next_expiry
  where id = a.id
$$;

create function credit_next_expiry(a credit_accounts) returns timestamptz language sql volatile as $$
  select least(a.next_drip, min(expires_at)) from credit_buckets where account_id = a.id and open and remaining > 0
$$;

-- 10 → 40 for every bucket whose time is over, in one posting group. Held parts stay usable by their own job.
create function credit_expire_locked(a credit_accounts) returns credit_accounts
language plpgsql volatile as $$
declare
  b      record;
  v_ord  smallint := 0;
  v_next timestamptz;
begin
  for b in
    select id, remaining from credit_buckets
    where account_id = a.id and open and remaining > 0 and expires_at <= a.last_at
    order by rank, expires_at, cost_class, id
  loop
    update credit_buckets
    set expired = expired + remaining, remaining = 0, open = held + frozen > 0
    where account_id = a.id and id = b.id;
    if v_ord = 0 then a.seq := a.seq + 1; end if;
    v_ord := v_ord + 1;
    a.available := a.available - b.remaining;
    insert into credit_entries
    values (a.id, a.seq, v_ord, 'expire', 10, 40, b.id, b.remaining, null, null, a.available, a.held, a.last_at);
  end loop;
  v_next := credit_next_expiry(a);
  if v_ord > 0 or v_next <> a.next_expiry then
    a.next_expiry := v_next;
    perform credit_save(a);
  end if;
  return a;
end $$;

-- The account's row, locked, with what is due already expired and `last_at` as the time of this operation.
create function credit_lock(p_account text, p_now timestamptz) returns credit_accounts
language plpgsql volatile as $$
declare
  a credit_accounts;
begin
  select * into a from credit_accounts where id = p_account for no key update;
  if not found then return null; end if;
  a.last_at := greatest(a.last_at, p_now);
  if a.next_expiry <= a.last_at then a := credit_expire_locked(a); end if;
  return a;
end $$;

-- 60/61/62 → 10: a new bucket in a posting group of its own, since its id is that group's seq.
create function credit_add_bucket(
  a credit_accounts, p_kind text, p_rank smallint, p_cost_class smallint, p_amount bigint, p_source_key text,
  p_payment text, p_parent bigint, p_reason text, p_expires_at timestamptz, p_entry_kind text, p_ref text, p_cause text
) returns credit_accounts
language plpgsql volatile as $$
begin
  a.seq := a.seq + 1;
  a.available := a.available + p_amount;
  a.next_expiry := least(a.next_expiry, p_expires_at);
  insert into credit_buckets
    (account_id, id, kind, rank, cost_class, source_key, payment_id, parent_id, reason, effective_at, expires_at,
     amount, remaining)
  values (a.id, a.seq, p_kind, p_rank, p_cost_class, p_source_key, p_payment, p_parent, p_reason, a.last_at,
          p_expires_at, p_amount, p_amount);
  insert into credit_entries
  values (a.id, a.seq, 1, p_entry_kind,
          case p_kind when 'subscription' then 60 when 'pack' then 60 when 'admin' then 62 else 61 end, 10,
          a.seq, p_amount, p_ref, p_cause, a.available, a.held, a.last_at);
  return a;
end $$;

-- A 'restored' bucket for each slice that came back to a bucket whose time was over: without it nobody whose period
-- ended during a job would ever see the credits of a failed one again. It inherits what the old bucket was.
create function credit_restore(
  a credit_accounts, p_parents bigint[], p_amounts bigint[], p_key text, p_ref text, p_cause text, p_restore_for interval
) returns credit_accounts
language plpgsql volatile as $$
declare
  b credit_buckets;
begin
  for i in 1 .. cardinality(p_parents) loop
    select * into strict b from credit_buckets where account_id = a.id and id = p_parents[i];
    a := credit_add_bucket(a, 'restored', b.rank, b.cost_class, p_amounts[i], 'restored:' || p_key || ':' || b.id,
                           b.payment_id, b.id, null, a.last_at + p_restore_for, 'restore', p_ref, p_cause);
  end loop;
  return a;
end $$;

-- 20 → 30 for the first slices up to p_charge; the rest back to its buckets, last slice first (20 → 10, or 20 → 40
-- and restored when the bucket's time is over).
create function credit_close_hold(
  a credit_accounts, h credit_holds, p_charge bigint, p_overrun bigint, p_cause text, p_restore_for interval
) returns credit_accounts
language plpgsql volatile as $$
declare
  v_rest    bigint := p_charge;
  v_part    bigint;
  v_ord     smallint := 0;
  v_expires timestamptz;
  v_lost    bigint[] := '{}';
  v_amounts bigint[] := '{}';
begin
  a.seq := a.seq + 1;
  a.open_holds := a.open_holds - 1;
  for i in 1 .. cardinality(h.bucket_ids) loop
    exit when v_rest = 0;
    v_part := least(v_rest, h.amounts[i]);
    v_rest := v_rest - v_part;
    update credit_buckets
    set held = held - v_part, spent = spent + v_part, open = remaining + held - v_part + frozen > 0
    where account_id = a.id and id = h.bucket_ids[i];
    a.held := a.held - v_part;
    v_ord := v_ord + 1;
    insert into credit_entries
    values (a.id, a.seq, v_ord, 'capture', 20, 30, h.bucket_ids[i], v_part, h.id, null, a.available, a.held, a.last_at);
  end loop;
  v_rest := h.amount - p_charge;
  for i in reverse cardinality(h.bucket_ids) .. 1 loop
    exit when v_rest = 0;
    v_part := least(v_rest, h.amounts[i]);
    v_rest := v_rest - v_part;
    update credit_buckets
    set held = held - v_part,
        remaining = remaining + case when expires_at > a.last_at then v_part else 0 end,
        expired = expired + case when expires_at > a.last_at then 0 else v_part end,
        open = expires_at > a.last_at or remaining + held - v_part + frozen > 0
    where account_id = a.id and id = h.bucket_ids[i]
    returning expires_at into strict v_expires;
    a.held := a.held - v_part;
    v_ord := v_ord + 1;
    if v_expires > a.last_at then
      a.available := a.available + v_part;
      a.next_expiry := least(a.next_expiry, v_expires);
      insert into credit_entries
      values (a.id, a.seq, v_ord, 'release', 20, 10, h.bucket_ids[i], v_part, h.id, p_cause, a.available, a.held, a.last_at);
    else
      v_lost := v_lost || h.bucket_ids[i];
      v_amounts := v_amounts || v_part;
      insert into credit_entries
      values (a.id, a.seq, v_ord, 'expire', 20, 40, h.bucket_ids[i], v_part, h.id, p_cause, a.available, a.held, a.last_at);
    end if;
  end loop;
  if p_overrun > 0 then
    v_ord := v_ord + 1;
    insert into credit_entries
    values (a.id, a.seq, v_ord, 'overrun', 80, 30, null, p_overrun, h.id, null, a.available, a.held, a.last_at);
  end if;
  update credit_holds
  set captured = p_charge, released = amount - p_charge, closed_at = a.last_at, cause = p_cause,
      state = case when p_charge > 0 then 'captured' else 'released' end
  where account_id = a.id and id = h.id;
  if p_cause is distinct from 'canceled' then
    a := credit_restore(a, v_lost, v_amounts, h.id, h.id, p_cause, p_restore_for);
  end if;
  perform credit_save(a);
  return a;
end $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Operations.

-- A ledger account with nothing in it. False when it exists already.
create function credit_open(p_account text, p_at timestamptz) returns boolean
language plpgsql volatile as $$
begin
  insert into credit_accounts (id, opened_at, last_at, next_drip, next_expiry)
  values (p_account, p_at, p_at, p_at, p_at)
  on conflict (id) do nothing;
  return found;
end $$;

-- outcome: ok | repeated (the bucket as it was granted) | expired (would be over already) | no_account
create function credit_grant(
  p_account text, p_kind text, p_rank smallint, p_cost_class smallint, p_amount bigint, p_source_key text,
  p_payment text, p_reason text, p_expires_at timestamptz, p_now timestamptz,
  out outcome text, out seq bigint, out available bigint, out held bigint,
  out bucket_id bigint, out granted bigint, out kind text, out expires_at timestamptz
) language plpgsql volatile as $$
declare
  a credit_accounts;
  b credit_buckets;
begin
  a := credit_lock(p_account, p_now);
  if a.id is null then outcome := 'no_account'; return; end if;
  select * into b from credit_buckets x where x.account_id = p_account and x.source_key = p_source_key;
  if found then
    outcome := 'repeated';
  elsif p_expires_at <= a.last_at then
    outcome := 'expired';
  else
    a := credit_add_bucket(a, p_kind, p_rank, p_cost_class, p_amount, p_source_key, p_payment, null, p_reason,
                           p_expires_at, 'grant', p_source_key, null);
    perform credit_save(a);
    select * into strict b from credit_buckets x where x.account_id = p_account and x.id = a.seq;
    outcome := 'ok';
  end if;
  seq := a.seq; available := a.available; held := a.held;
  bucket_id := b.id; granted := b.amount; kind := b.kind; expires_at := b.expires_at;
end $$;

-- The monthly credits of the period [p_start, p_end), once. An amount of 0 only moves on to the next period.
-- outcome: ok | repeated | none (nothing to give) | no_account
create function credit_drip(
  p_account text, p_amount bigint, p_source_key text, p_end timestamptz, p_now timestamptz,
  out outcome text, out seq bigint, out available bigint, out held bigint, out bucket_id bigint
) language plpgsql volatile as $$
declare
  a credit_accounts;
begin
  a := credit_lock(p_account, p_now);
  if a.id is null then outcome := 'no_account'; return; end if;
  select b.id into bucket_id from credit_buckets b where b.account_id = p_account and b.source_key = p_source_key;
  outcome := case when found then 'repeated' when p_amount > 0 and p_end > a.last_at then 'ok' else 'none' end;
  if outcome = 'ok' then
    a := credit_add_bucket(a, 'promo', 100::smallint, 0::smallint, p_amount, p_source_key, null, null, null, p_end,
                           'grant', p_source_key, null);
    bucket_id := a.seq;
  end if;
  if outcome = 'ok' or a.next_drip < p_end then
    a.next_drip := greatest(a.next_drip, p_end);
    a.next_expiry := credit_next_expiry(a);
    perform credit_save(a);
  end if;
  seq := a.seq; available := a.available; held := a.held;
end $$;

-- 10 → 20 per slice, in burn order. outcome: ok | repeated | conflict (same id, another amount) | insufficient |
-- too_many (p_open_max holds are open) | drip_due (give the monthly credits first) | no_account
create function credit_hold(
  p_account text, p_hold text, p_amount bigint, p_deadline timestamptz, p_open_max integer, p_now timestamptz,
  out outcome text, out seq bigint, out available bigint, out held bigint
) language plpgsql volatile as $$
declare
  a         credit_accounts;
  b         record;
  v_amount  bigint;
  v_rest    bigint := p_amount;
  v_part    bigint;
  v_ord     smallint := 0;
  v_drained boolean := false;
  v_ids     bigint[] := '{}';
  v_amounts bigint[] := '{}';
begin
  a := credit_lock(p_account, p_now);
  if a.id is null then outcome := 'no_account'; return; end if;
  select h.amount into v_amount from credit_holds h where h.account_id = p_account and h.id = p_hold;
  outcome := case
    when found and v_amount = p_amount then 'repeated'
    when found then 'conflict'
    when a.next_drip <= a.last_at then 'drip_due'
    when a.open_holds >= p_open_max then 'too_many'
    when a.available < p_amount then 'insufficient'
    else 'ok'
  end;
  if outcome = 'ok' then
    a.seq := a.seq + 1;
    for b in
      select id, remaining, expires_at from credit_buckets
      where account_id = p_account and open and remaining > 0
      order by rank, expires_at, cost_class, id
    loop
      v_part := least(v_rest, b.remaining);
      v_rest := v_rest - v_part;
      update credit_buckets k set remaining = k.remaining - v_part, held = k.held + v_part
      where k.account_id = p_account and k.id = b.id;
      v_drained := v_drained or (v_part = b.remaining and b.expires_at = a.next_expiry);
      v_ids := v_ids || b.id;
      v_amounts := v_amounts || v_part;
      a.available := a.available - v_part;
      a.held := a.held + v_part;
      v_ord := v_ord + 1;
      insert into credit_entries
      values (p_account, a.seq, v_ord, 'hold', 10, 20, b.id, v_part, p_hold, null, a.available, a.held, a.last_at);
      exit when v_rest = 0;
    end loop;
    if v_rest > 0 then
      raise exception 'account % has % credits less in its buckets than in its balance', p_account, v_rest
        using errcode = 'data_corrupted';
    end if;
    insert into credit_holds (account_id, id, amount, deadline, taken_at, bucket_ids, amounts)
    values (p_account, p_hold, p_amount, p_deadline, a.last_at, v_ids, v_amounts);
    a.open_holds := a.open_holds + 1;
    if v_drained then a.next_expiry := credit_next_expiry(a); end if;
    perform credit_save(a);
  end if;
  seq := a.seq; available := a.available; held := a.held;
end $$;

-- Ends a hold with a charge of at most p_amount. What it came to above the hold is written off: nobody pays more than
-- was quoted. outcome: ok | closed (it had ended before; captured and released say how) | missing | no_account
create function credit_capture(
  p_account text, p_hold text, p_amount bigint, p_rest_cause text, p_restore_for interval, p_now timestamptz,
  out outcome text, out seq bigint, out available bigint, out held bigint,
  out state text, out captured bigint, out released bigint
) language plpgsql volatile as $$
declare
  a        credit_accounts;
  h        credit_holds;
  v_charge bigint;
begin
  a := credit_lock(p_account, p_now);
  if a.id is null then outcome := 'no_account'; return; end if;
  select * into h from credit_holds x where x.account_id = p_account and x.id = p_hold;
  if not found then
    outcome := 'missing';
  elsif h.state <> 'open' then
    outcome := 'closed'; state := h.state; captured := h.captured; released := h.released;
  else
    v_charge := least(p_amount, h.amount);
    a := credit_close_hold(a, h, v_charge, greatest(p_amount - h.amount, 0),
                           case when v_charge < h.amount then p_rest_cause end, p_restore_for);
    outcome := 'ok'; captured := v_charge; released := h.amount - v_charge;
    state := case when v_charge > 0 then 'captured' else 'released' end;
  end if;
  seq := a.seq; available := a.available; held := a.held;
end $$;

-- Ends a hold without a charge. Outcomes as credit_capture.
create function credit_release(
  p_account text, p_hold text, p_cause text, p_restore_for interval, p_now timestamptz,
  out outcome text, out seq bigint, out available bigint, out held bigint,
  out state text, out captured bigint, out released bigint
) language sql volatile as $$
  select * from credit_capture(p_account, p_hold, 0, p_cause, p_restore_for, p_now)
$$;

-- 10 → 40 for whatever is due. outcome: ok | nothing | no_account; drip_due: monthly credits are to be given.
create function credit_expire(
  p_account text, p_now timestamptz,
  out outcome text, out seq bigint, out available bigint, out held bigint, out drip_due boolean
) language plpgsql volatile as $$
declare
  a        credit_accounts;
  v_before bigint;
begin
  select x.seq into v_before from credit_accounts x where x.id = p_account for no key update;
  a := credit_lock(p_account, p_now);
  outcome := case when a.id is null then 'no_account' when a.seq > v_before then 'ok' else 'nothing' end;
  seq := a.seq; available := a.available; held := a.held; drip_due := a.next_drip <= a.last_at;
end $$;

-- 30 → 10 for what a captured hold was charged, last slice first; to a bucket whose time is over 30 → 40 and restored.
-- outcome: ok | too_much (more than captured and not yet refunded) | missing | no_account
create function credit_refund(
  p_account text, p_hold text, p_amount bigint, p_cause text, p_key text, p_restore_for interval, p_now timestamptz,
  out outcome text, out seq bigint, out available bigint, out held bigint, out refundable bigint
) language plpgsql volatile as $$
declare
  a         credit_accounts;
  h         credit_holds;
  v_rest    bigint := p_amount;
  v_skip    bigint;
  v_part    bigint;
  v_ord     smallint := 0;
  v_expires timestamptz;
  v_lost    bigint[] := '{}';
  v_amounts bigint[] := '{}';
begin
  a := credit_lock(p_account, p_now);
  if a.id is null then outcome := 'no_account'; return; end if;
  select * into h from credit_holds x where x.account_id = p_account and x.id = p_hold;
  if not found then
    outcome := 'missing';
  elsif p_amount > h.captured - h.refunded then
    outcome := 'too_much';
    refundable := h.captured - h.refunded;
  else
    outcome := 'ok';
    a.seq := a.seq + 1;
    -- From the end: what was never captured, then what was refunded before, then what is refunded now.
    v_skip := h.amount - h.captured + h.refunded;
    for i in reverse cardinality(h.bucket_ids) .. 1 loop
      exit when v_rest = 0;
      v_part := least(v_rest, greatest(h.amounts[i] - v_skip, 0));
      v_skip := greatest(v_skip - h.amounts[i], 0);
      continue when v_part = 0;
      v_rest := v_rest - v_part;
      update credit_buckets b
      set spent = b.spent - v_part,
          remaining = b.remaining + case when b.expires_at > a.last_at then v_part else 0 end,
          expired = b.expired + case when b.expires_at > a.last_at then 0 else v_part end,
          open = b.open or b.expires_at > a.last_at
      where b.account_id = p_account and b.id = h.bucket_ids[i]
      returning b.expires_at into strict v_expires;
      v_ord := v_ord + 1;
      if v_expires > a.last_at then
        a.available := a.available + v_part;
        a.next_expiry := least(a.next_expiry, v_expires);
        insert into credit_entries
        values (p_account, a.seq, v_ord, 'refund', 30, 10, h.bucket_ids[i], v_part, h.id, p_cause, a.available, a.held, a.last_at);
      else
        v_lost := v_lost || h.bucket_ids[i];
        v_amounts := v_amounts || v_part;
        insert into credit_entries
        values (p_account, a.seq, v_ord, 'expire', 30, 40, h.bucket_ids[i], v_part, h.id, p_cause, a.available, a.held, a.last_at);
      end if;
    end loop;
    update credit_holds x set refunded = x.refunded + p_amount where x.account_id = p_account and x.id = p_hold;
    if p_cause is distinct from 'canceled' then
      a := credit_restore(a, v_lost, v_amounts, p_key, h.id, p_cause, p_restore_for);
    end if;
    perform credit_save(a);
    refundable := h.captured - h.refunded - p_amount;
  end if;
  seq := a.seq; available := a.available; held := a.held;
end $$;

-- 10 → 50: an operator takes credits back, those that would last longest first.
-- outcome: ok | insufficient | no_account
create function credit_take_back(
  p_account text, p_amount bigint, p_ref text, p_now timestamptz,
  out outcome text, out seq bigint, out available bigint, out held bigint
) language plpgsql volatile as $$
declare
  a      credit_accounts;
  b      record;
  v_rest bigint := p_amount;
  v_part bigint;
  v_ord  smallint := 0;
begin
  a := credit_lock(p_account, p_now);
  if a.id is null then outcome := 'no_account'; return; end if;
  outcome := case when a.available < p_amount then 'insufficient' else 'ok' end;
  if outcome = 'ok' then
    a.seq := a.seq + 1;
    for b in
      select id, remaining from credit_buckets
      where account_id = p_account and open and remaining > 0
      order by rank desc, expires_at desc, cost_class desc, id desc
    loop
      v_part := least(v_rest, b.remaining);
      v_rest := v_rest - v_part;
      update credit_buckets k
      set remaining = k.remaining - v_part, revoked = k.revoked + v_part,
          open = k.remaining - v_part + k.held + k.frozen > 0
      where k.account_id = p_account and k.id = b.id;
      a.available := a.available - v_part;
      v_ord := v_ord + 1;
      insert into credit_entries
      values (p_account, a.seq, v_ord, 'adjust', 10, 50, b.id, v_part, p_ref, null, a.available, a.held, a.last_at);
      exit when v_rest = 0;
    end loop;
    a.next_expiry := credit_next_expiry(a);
    perform credit_save(a);
  end if;
  seq := a.seq; available := a.available; held := a.held;
end $$;
