-- People and what they own. An account owns credits, media and keys; a user signs in; members join the two.
-- Better Auth works on users, sign_in_methods, sessions, verifications, second_factors and passkeys; all else is ours.

create table users (
  id                 text primary key,
  name               text not null default '',
  email              text not null unique check (email = lower(email)),
  email_verified     boolean not null default false,
  image              text,
  role               text not null default 'creator' check (role in ('creator', 'operator')),
  two_factor_enabled boolean not null default false,
  created_at         timestamptz not null,
  updated_at         timestamptz not null
);

create table accounts (
  id           text primary key,
  created_at   timestamptz not null,
  suspended_at timestamptz
);

create table members (
  account_id text not null references accounts (id),
  user_id    text not null references users (id) on delete cascade,
  role       text not null check (role in ('owner')),
  created_at timestamptz not null,
  primary key (account_id, user_id)
);
create index members_by_user on members (user_id, created_at);

-- One way in which a user proves who they are: a password or a person at an identity provider.
create table sign_in_methods (
  id                       text primary key,
  user_id                  text not null references users (id) on delete cascade,
  provider_id              text not null,
  provider_user_id         text not null,
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz,
  refresh_token_expires_at timestamptz,
  scope                    text,
  password                 text,
  created_at               timestamptz not null,
  updated_at               timestamptz not null,
  unique (provider_id, provider_user_id)
);
create index sign_in_methods_by_user on sign_in_methods (user_id);

-- The token alone opens nothing: the cookie also carries its signature, made with a key outside the database.
create table sessions (
  id         text primary key,
  user_id    text not null references users (id) on delete cascade,
  token      text not null unique,
  ip_address text,
  user_agent text,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);

create table verifications (
  id         text primary key,
  identifier text not null,
  value      text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index verifications_by_identifier on verifications (identifier);
create index verifications_by_expiry on verifications (expires_at);

create table second_factors (
  id                        text primary key,
  user_id                   text not null unique references users (id) on delete cascade,
  secret                    text not null,
  backup_codes              text not null,
  verified                  boolean not null default true,
  failed_verification_count integer not null default 0,
  locked_until              timestamptz
);

-- A code of an authenticator app opens one session, although it stays valid for a minute.
create table used_codes (
  user_id text not null references users (id) on delete cascade,
  code    text not null,
  at      timestamptz not null,
  primary key (user_id, code)
);

create table passkeys (
  id            text primary key,
  user_id       text not null references users (id) on delete cascade,
  name          text,
  public_key    text not null,
  credential_id text not null unique,
  counter       bigint not null,
  device_type   text not null,
  backed_up     boolean not null,
  transports    text,
  aaguid        text,
  created_at    timestamptz
);
create index passkeys_by_user on passkeys (user_id);

-- Browsers that have signed in before, by the hash of a random cookie.
create table known_devices (
  user_id       text not null references users (id) on delete cascade,
  device_hash   bytea not null,
  first_seen_at timestamptz not null,
  last_seen_at  timestamptz not null,
  primary key (user_id, device_hash)
);

-- Single-use links that were sent by mail. Only the hash of the link's token is here.
create table email_tokens (
  token_hash bytea primary key,
  purpose    text not null check (purpose in ('verify_email', 'reset_password')),
  user_id    text not null references users (id) on delete cascade,
  email      text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index email_tokens_by_user on email_tokens (user_id, purpose);
create index email_tokens_by_expiry on email_tokens (expires_at);

create table api_keys (
  id           text primary key,
  account_id   text not null references accounts (id),
  user_id      text not null references users (id) on delete cascade,
  sealed_name  bytea not null,
  prefix       text not null,
  secret_hash  bytea not null unique,
  scopes       text[] not null,
  created_at   timestamptz not null,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create index api_keys_by_account on api_keys (account_id, id);

create table invitations (
  id         text primary key,
  token_hash bytea not null unique,
  email      text,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz,
  used_by    text,
  revoked_at timestamptz
);

-- Who agreed to which version when: evidence, so rows are only ever added.
create table terms_acceptances (
  id          bigint generated always as identity primary key,
  user_id     text not null,
  version     text not null,
  minimum_age integer not null,
  source      text not null check (source in ('setup', 'sign_up', 'interstitial', 'operator')),
  at          timestamptz not null
);
create index terms_acceptances_by_user on terms_acceptances (user_id, id);

create function accounts_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger terms_acceptances_append_only before update or delete on terms_acceptances
  for each row execute function accounts_refuse_change();

-- What throttling counts. Keys are blind indexes of addresses, never the addresses themselves.
create table sign_in_attempts (
  id      bigint generated always as identity primary key,
  kind    text not null,
  key     text not null,
  at      timestamptz not null,
  outcome text not null default 'pending' check (outcome in ('pending', 'failed', 'succeeded', 'refused'))
);
create index sign_in_attempts_by_key on sign_in_attempts (kind, key, at);
create index sign_in_attempts_by_time on sign_in_attempts (at);

-- Mails on their way, and, while no mail server is configured, those for the operator's eyes; sealed with the
-- deployment's key.
create table mails (
  id              text primary key,
  template        text not null,
  sealed          bytea,
  state           text not null check (state in ('queued', 'sent', 'unsent', 'failed')),
  attempts        integer not null default 0,
  next_attempt_at timestamptz not null,
  created_at      timestamptz not null,
  finished_at     timestamptz,
  fault           text
);
create index mails_due on mails (next_attempt_at) where state = 'queued';
create index mails_by_state on mails (state, id);
