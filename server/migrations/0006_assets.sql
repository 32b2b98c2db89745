-- Media of an account: what generations made and what people uploaded. The bytes lie sealed in the object store under
-- keys made from the id (`<id>.original`, `<id>.web`, …), so storing twice overwrites and deleting needs no list.
create table assets (
  account_id         text not null,
  id                 text not null,
  kind               text not null check (kind in ('video', 'image')),
  source             text not null check (source in ('output', 'upload')),
  generation_id      text,
  output_index       integer check (output_index >= 0),
  -- Sealed with the account's key; null once the asset was deleted.
  file_name          bytea,
  mime_type          text not null,
  bytes              bigint not null check (bytes > 0),
  -- Of the file as it is downloaded, and of the packets of its video stream (the same before and after signing).
  sha256             text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  stream_sha256      text check (stream_sha256 ~ '^[0-9a-f]{64}$'),
  width              integer not null check (width > 0),
  height             integer not null check (height > 0),
  duration_ms        integer check (duration_ms >= 0),
  frame_rate         double precision,
  video_codec        text,
  audio_codec        text,
  bitrate            bigint,
  credentials        text not null check (credentials in ('signed', 'unsigned')),
  created_at         timestamptz not null,
  -- When its retention ends; null keeps it until its owner deletes it.
  deletes_at         timestamptz,
  deleted_at         timestamptz,
  -- Set when the object store has confirmed that nothing of it is left.
  objects_deleted_at timestamptz,
  primary key (account_id, id),
  unique (account_id, generation_id, output_index),
  check ((source = 'output') = (generation_id is not null)),
  check ((generation_id is null) = (output_index is null)),
  check ((deleted_at is null) = (file_name is not null)),
  check (objects_deleted_at is null or deleted_at is not null)
);

create index assets_expiring on assets (deletes_at) where deleted_at is null and deletes_at is not null;
create index assets_unpurged on assets (deleted_at) where deleted_at is not null and objects_deleted_at is null;

-- What was made of an asset for showing it. `web` names the original's object where that plays everywhere already.
create table asset_renditions (
  account_id text not null,
  asset_id   text not null,
  rendition  text not null check (rendition in ('web', 'poster', 'preview')),
  object_key text not null,
  mime_type  text not null,
  bytes      bigint not null check (bytes > 0),
  sha256     text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  primary key (account_id, asset_id, rendition),
  foreign key (account_id, asset_id) references assets (account_id, id) on delete cascade
);
