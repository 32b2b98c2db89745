-- The last result of each audit that the program makes of itself.
create table checks (
  name    text primary key,
  state   text not null check (state in ('passed', 'failed')),
  checked bigint not null,
  detail  text not null,
  at      timestamptz not null
);
