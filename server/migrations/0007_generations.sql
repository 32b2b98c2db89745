-- The line: who may start next. A generation's row is its own job; nothing is queued twice.
--
-- Lock order everywhere: generation -> credit account -> line_accounts -> other generations (skip locked) -> lanes.

-- One provider account's slots, across all processes.
create table lanes (
  id          text primary key,
  running_max integer not null check (running_max >= 0),
  running     integer not null default 0,
  -- Virtual time of the last start: whoever was away does not come back with a credit of waiting time.
  floor       bigint not null default 0,
  -- Not bounded by running_max: a lower cap takes effect as running ones end. Claims keep to it.
  check (running >= 0)
);

-- One account's own line: at most `cap` of its generations compete for slots, the rest are held back.
create table line_accounts (
  account_id   text primary key,
  cap          integer not null check (cap > 0),
  weight       integer not null default 1 check (weight > 0),
  open         integer not null default 0 check (open >= 0),
  outstanding  integer not null default 0 check (outstanding >= 0),
  virtual_time bigint not null default 0
);

create table generations (
  account_id         text not null,
  id                 text not null,
  user_id            text not null,
  state              text not null check (state in
    ('queued', 'starting', 'running', 'uncertain', 'collecting', 'delivered', 'failed', 'blocked', 'canceled')),
  model_id           text not null,
  lane               text not null,
  price_version      integer not null,
  credits            bigint not null check (credits >= 0),
  charged            bigint not null default 0 check (charged >= 0 and charged <= credits),
  -- Sizes, seconds, seed, counts: nothing that a person wrote.
  parameters         jsonb not null,
  -- Sealed with the account's key; null once the generation was deleted.
  prompt             bytea,
  reference_asset_id text,
  phase              text,
  progress           real,
  fault_code         text,
  fault_message      text,
  cancel_asked_at    timestamptz,
  -- When the present state becomes overdue.
  deadline           timestamptz not null,
  collect_tries      integer not null default 0,
  created_at         timestamptz not null,
  started_at         timestamptz,
  finished_at        timestamptz,
  deleted_at         timestamptz,
  -- The line.
  line_state         text not null check (line_state in ('held', 'ready', 'leased', 'waiting', 'done')),
  virtual_time       bigint,
  due_at             timestamptz,
  lease_until        timestamptz,
  lease_token        bigint not null default 0,
  worker             text,
  primary key (account_id, id),
  check ((line_state = 'done') = (state in ('delivered', 'failed', 'blocked', 'canceled'))),
  check ((line_state in ('held', 'ready')) = (state = 'queued'))
) with (fillfactor = 70);

create index generations_ready on generations (lane, virtual_time, id) where line_state = 'ready';
create index generations_held on generations (account_id, id) where line_state = 'held';
create index generations_waiting on generations (due_at) where line_state = 'waiting';
create index generations_leased on generations (lease_until) where line_state = 'leased';
create index generations_queued on generations (deadline) where state = 'queued';
create index generations_finished on generations (finished_at desc) where finished_at is not null;

-- One submission of one output to one upstream, written before the network call. Upstream ids are never reused.
create table attempts (
  account_id         text not null,
  id                 text not null,
  generation_id      text not null,
  output_index       integer not null,
  number             integer not null,
  state              text not null check (state in
    ('intended', 'accepted', 'uncertain', 'succeeded', 'failed', 'never_sent', 'canceled', 'abandoned')),
  provider           text not null,
  -- Which account, address and credentials of the upstream: a change of settings must not lose a running job.
  provider_account   text not null,
  base_url           text,
  credential_version integer not null default 0,
  -- Sealed: it may hold the prompt or an address that works without credentials.
  operation          bytea,
  -- Where its output will be stored; fixed before collecting, so that collecting again overwrites.
  asset_id           text,
  error_kind         text,
  error_message      text,
  checks_failed      integer not null default 0,
  created_at         timestamptz not null,
  accepted_at        timestamptz,
  ended_at           timestamptz,
  primary key (account_id, id),
  unique (account_id, generation_id, output_index, number)
);

-- The answer to an Idempotency-Key lives as long as the generation.
create table generation_keys (
  account_id    text not null,
  key           text not null,
  request_hash  bytea not null,
  generation_id text not null,
  created_at    timestamptz not null,
  primary key (account_id, key)
);

-- Puts a new generation into its account's line. Its row must exist with line_state 'held'.
-- Answers false when the account has too many outstanding already.
create function line_enter(p_account text, p_id text, p_lane text, p_cap integer, p_outstanding_max integer)
returns boolean language plpgsql as $$
declare
  v line_accounts;
  v_time bigint;
begin
  insert into line_accounts (account_id, cap) values (p_account, p_cap) on conflict do nothing;
  select * into v from line_accounts where account_id = p_account for no key update;
  if v.outstanding >= p_outstanding_max then
    return false;
  end if;
  if v.open >= p_cap then
    update line_accounts set cap = p_cap, outstanding = outstanding + 1 where account_id = p_account;
    return true;
  end if;
  v_time := greatest(v.virtual_time, (select floor from lanes where id = p_lane)) + 1000 / v.weight;
  update generations set line_state = 'ready', virtual_time = v_time where account_id = p_account and id = p_id;
  update line_accounts set cap = p_cap, outstanding = outstanding + 1, open = open + 1, virtual_time = v_time
    where account_id = p_account;
  return true;
end $$;

-- Lets held generations of an account compete while it has room. A row that somebody else has locked is passed
-- over: they are ending it, and the sweep promotes whatever that leaves behind.
create function line_promote(p_account text) returns integer language plpgsql as $$
declare
  v line_accounts;
  v_next record;
  v_time bigint;
  v_count integer := 0;
begin
  select * into v from line_accounts where account_id = p_account for no key update;
  while v.open < v.cap loop
    select id, lane into v_next from generations
      where account_id = p_account and line_state = 'held' order by id limit 1 for update skip locked;
    exit when not found;
    v_time := greatest(v.virtual_time, (select floor from lanes where id = v_next.lane)) + 1000 / v.weight;
    update generations set line_state = 'ready', virtual_time = v_time
      where account_id = p_account and id = v_next.id;
    v.open := v.open + 1;
    v.virtual_time := v_time;
    v_count := v_count + 1;
  end loop;
  if v_count > 0 then
    update line_accounts set open = v.open, virtual_time = v.virtual_time where account_id = p_account;
  end if;
  return v_count;
end $$;

-- Hands up to p_limit slots of a lane to a worker, least recently served accounts first. The lane's row lock makes
-- its cap strict over all processes; rows are taken with skip locked, so holding it never waits for one.
create function line_claim(p_lane text, p_worker text, p_limit integer, p_now timestamptz, p_lease interval,
                           p_deadline timestamptz)
returns table (account_id text, id text, lease_token bigint) language plpgsql as $$
declare
  v_lane lanes;
  v_count integer := 0;
  v_row record;
  v_floor bigint;
begin
  select * into v_lane from lanes where lanes.id = p_lane for update;
  if not found or v_lane.running >= v_lane.running_max then
    return;
  end if;
  v_floor := v_lane.floor;
  for v_row in
    select g.account_id, g.id, g.virtual_time from generations g
    where g.lane = p_lane and g.line_state = 'ready'
    order by g.virtual_time, g.id
    limit least(p_limit, v_lane.running_max - v_lane.running)
    for update skip locked
  loop
    update generations g set line_state = 'leased', state = 'starting', worker = p_worker,
      lease_until = p_now + p_lease, lease_token = g.lease_token + 1, started_at = p_now, deadline = p_deadline
      where g.account_id = v_row.account_id and g.id = v_row.id
      returning g.lease_token into lease_token;
    account_id := v_row.account_id;
    id := v_row.id;
    v_floor := greatest(v_floor, v_row.virtual_time);
    v_count := v_count + 1;
    return next;
  end loop;
  if v_count > 0 then
    update lanes set running = running + v_count, floor = v_floor where lanes.id = p_lane;
  end if;
end $$;

-- Hands due checks to a worker. They keep their slots.
create function line_claim_due(p_worker text, p_limit integer, p_now timestamptz, p_lease interval)
returns table (account_id text, id text, lease_token bigint) language plpgsql as $$
begin
  return query
    update generations g set line_state = 'leased', worker = p_worker, lease_until = p_now + p_lease,
      lease_token = g.lease_token + 1
    from (select w.account_id, w.id from generations w
          where w.line_state = 'waiting' and w.due_at <= p_now
          order by w.due_at limit p_limit for update skip locked) due
    where g.account_id = due.account_id and g.id = due.id
    returning g.account_id, g.id, g.lease_token;
end $$;

-- Takes a generation out of the line in the transaction that ends it. The caller has locked its row and changes
-- its state in the same statement sequence; p_before is what its line_state was.
create function line_leave(p_account text, p_lane text, p_before text) returns void language plpgsql as $$
begin
  perform 1 from line_accounts where account_id = p_account for no key update;
  update line_accounts set outstanding = outstanding - 1,
    open = open - case when p_before = 'held' then 0 else 1 end
    where account_id = p_account;
  perform line_promote(p_account);
  if p_before in ('leased', 'waiting') then
    update lanes set running = running - 1 where id = p_lane;
  end if;
end $$;
