-- Annual reports that left the house, with their files, and why problems of a draft stand.
-- All three are only ever added to.

-- +goose Up

create table report_overrule (
  report_id text   not null references report (id),
  problem   text   not null,
  rule      text   not null,
  place     text   not null,
  words     text   not null,
  reason    text   not null,
  at        bigint not null,
  account   text   not null,
  primary key (report_id, problem)
);

create table report_release (
  id        text   not null primary key,
  cohort    text   not null,
  title     text   not null,
  report_id text   not null references report (id),
  version   bigint not null,
  code      text   not null,
  snapshots text   not null,
  at        bigint not null,
  account   text   not null,
  reason    text   not null,
  overruled text   not null,
  forms     text   not null
);

create table report_file (
  release_id text   not null references report_release (id),
  ending     text   not null,
  sha256     text   not null,
  body       bytea  not null,
  primary key (release_id, ending)
);
