-- Annual reports that a school writes: each text that was saved, for good.

-- +goose Up

create table report (
  id        text   not null primary key,
  cohort    text   not null,
  snapshot  text   not null default '',
  as_of     bigint not null,
  begun_from text not null,
  begun_at  bigint not null,
  begun_by  text   not null
);
create index report_cohort on report (cohort, begun_at);

-- Only ever added to.
create table report_version (
  report_id text   not null references report (id),
  number    bigint not null,
  title     text   not null,
  body      text   not null,
  sha256    text   not null,
  at        bigint not null,
  account   text   not null,
  note      text   not null,
  primary key (report_id, number)
);
