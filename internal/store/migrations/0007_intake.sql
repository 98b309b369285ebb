-- Files that wait between their check and their owner's word; their contents lie
-- encrypted beside the database.

-- +goose Up

create table held_file (
  id           text   not null primary key,
  account      text   not null,
  kind         text   not null,
  name         text   not null,
  sha256       text   not null,
  file         text   not null,
  options      text   not null,
  mended       bigint not null,
  at           bigint not null,
  checked      text   not null,
  published_at bigint not null,
  batch        text   not null,
  outcome      text   not null
);
create index held_file_at on held_file (at);

-- Sensitive columns that somebody asked to take out of the house: the request, who
-- else decided, and when the file was taken, once.
create table export_request (
  id         text   not null primary key,
  account    text   not null,
  kind       text   not null,
  cohorts    text   not null,
  fields     text   not null,
  purpose    text   not null,
  asked_at   bigint not null,
  state      text   not null,
  decided_by text   not null,
  decided_at bigint not null,
  reason     text   not null,
  taken_at   bigint not null
);
create index export_request_asked on export_request (asked_at);
