-- Personal data: what graduates agreed to and asked for, whom a search or an export showed, and what was let go of.

-- +goose Up

-- Only ever added to: the newest of a graduate and purpose is what holds.
create table consent (
  id          text    not null primary key,
  graduate_id text    not null references graduate (id),
  purpose     text    not null,
  version     text    not null,
  given       boolean not null,
  at          bigint  not null,
  account_id  text    not null
);
create index consent_graduate on consent (graduate_id, purpose, at);

-- Whom an entry of the trail showed, when it is about more than one: searches and exports.
create table shown (
  graduate_id text not null,
  audit_id    text not null,
  primary key (graduate_id, audit_id)
) --sqlite: without rowid
;
create index shown_audit on shown (audit_id);

-- What graduates ask of the school about their data; words lie sealed.
create table privacy_request (
  id          text   not null primary key,
  graduate_id text   not null references graduate (id),
  kind        text   not null,
  purpose     text   not null,
  sealed      text   not null,
  asked_at    bigint not null,
  due_on      text   not null,
  state       text   not null,
  decided_at  bigint not null default 0,
  decided_by  text   not null default '',
  answer      text   not null default ''
);
create index privacy_request_graduate on privacy_request (graduate_id, asked_at);
create index privacy_request_open on privacy_request (due_on) where state = 'open';

-- What a run of the retention rules would let go of, or let go of.
create table retention_run (
  id       text   not null primary key,
  at       bigint not null,
  account  text   not null,
  state    text   not null,
  report   text   not null
);
create index retention_run_at on retention_run (at);
-- Cohorts of which nothing is let go of for now, such as while a case is under way.
create table legal_hold (
  id        text   not null primary key,
  cohort    text   not null,
  reason    text   not null,
  account   text   not null,
  at        bigint not null,
  lifted_at bigint not null default 0,
  lifted_by text   not null default ''
);

-- A document whose file was let go of keeps its row.
alter table document add column purged_at bigint not null default 0;
alter table document add column purged_audit text not null default '';

-- For whom the file is: the house itself, or employers, who get only those who agreed.
alter table export_request add column recipient text not null default '';
alter table export_request add column left_out bigint not null default 0;
alter table export_request add column people bigint not null default 0;
