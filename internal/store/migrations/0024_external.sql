-- The ledger of what others measured, with its sources. Only ever added to.

-- +goose Up

create table external_entry (
  n          bigint not null primary key,
  at         bigint not null,
  account_id text   not null,
  cohort     text   not null,
  figure     text   not null,
  step       text   not null,
  title      text   not null default '',
  value      text   not null default '',
  unit       text   not null default '',
  part       text   not null default '',
  whole      text   not null default '',
  subject    text   not null default '',
  source     text   not null default '',
  issuer     text   not null default '',
  page       text   not null default '',
  dated      text   not null default '',
  method     text   not null default '',
  replies    text   not null default '',
  reason     text   not null default '',
  own        text   not null default ''
);
