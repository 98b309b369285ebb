-- The register: who graduates, what the school knows of them, and who wrote it down.
-- Ids are text made by the program, instants epoch milliseconds, days 2006-01-02, blank text means "not said".

-- +goose Up

create table meta (
  key   text not null primary key,
  value text not null
);
-- The oldest binary, by its newest migration, that may run on this schema.
insert into meta (key, value) values ('min_binary', '1');

create table account (
  id         text    not null primary key,
  login      text    not null unique,
  name       text    not null,
  graduate   text    not null default '',
  password   text    not null default '',
  disabled   boolean not null,
  created_at bigint  not null
);
create table account_grant (
  account_id text   not null references account (id),
  place      bigint not null,
  role       text   not null,
  scope      text   not null,
  begins     text   not null default '',
  ends       text   not null default '',
  primary key (account_id, place)
);
create table login_link (
  digest     text   not null primary key,
  account_id text   not null references account (id),
  purpose    text   not null,
  expires_at bigint not null,
  used_at    bigint not null default 0
);
create table login_session (
  digest     text   not null primary key,
  account_id text   not null references account (id),
  began_at   bigint not null,
  seen_at    bigint not null
);

-- n is 0 until the sealer has chained the entry.
create table audit (
  id      text   not null primary key,
  n       bigint not null,
  at      bigint not null,
  account text   not null,
  action  text   not null,
  subject text   not null,
  detail  text   not null,
  items   bytea  not null,
  prev    bytea  not null,
  hash    bytea  not null
);
create unique index audit_n on audit (n) where n > 0;
create index audit_waiting on audit (at, id) where n = 0;

create table local_code (
  scheme   text   not null,
  code     text   not null,
  place    bigint not null,
  content  text   not null,
  primary key (scheme, code)
);
create table local_mapping (
  table_id    text   not null,
  from_scheme text   not null,
  from_code   text   not null,
  to_code     text   not null,
  place       bigint not null,
  primary key (table_id, from_scheme, from_code)
);

create table unit (
  id     text not null primary key,
  kind   text not null,
  parent text not null default '',
  cohort text not null default '',
  code   text not null default '',
  name   text not null,
  unique (kind, parent, cohort, name)
);

-- The attributes from cohort to has_left are derived: what the newest events say. The events are what counts.
create table graduate (
  id            text   not null primary key,
  student_no    text   unique,
  exam_no       text   unique,
  name          text   not null,
  cohort        text   not null default '',
  level_id      text   not null default '',
  college_id    text   not null default '',
  major_id      text   not null default '',
  class_id      text   not null default '',
  sex           text   not null default '',
  ethnicity     text   not null default '',
  origin        text   not null default '',
  training      text   not null default '',
  in_statistics text   not null default '',
  has_left      text   not null default '',
  seq           bigint not null,
  known_at      bigint not null,
  profile       text   not null default '',
  sealed        text   not null default '',
  id_index      text   not null default '',
  phone_index   text   not null default '',
  profile_rev   bigint not null default 0
);
create index graduate_college on graduate (college_id);
create index graduate_class on graduate (class_id);
create index graduate_cohort_now on graduate (cohort);

-- Everyone who was ever in a cohort.
create table graduate_cohort (
  cohort      text not null,
  graduate_id text not null references graduate (id),
  primary key (cohort, graduate_id)
) --sqlite: without rowid
;

create table event (
  graduate_id text   not null references graduate (id),
  seq         bigint not null,
  known_at    bigint not null,
  true_on     text   not null default '',
  change_id   text   not null default '',
  step        text   not null default '',
  act         text   not null default '',
  case_id     text   not null default '',
  level       bigint not null default 0,
  mark        text   not null default '',
  scheme      text   not null default '',
  code        text   not null default '',
  said        text   not null default '',
  fields      text   not null default '',
  sealed      text   not null default '',
  actor       text   not null default '',
  source      text   not null default '',
  reason      text   not null default '',
  batch_id    text   not null default '',
  evidence    text   not null default '',
  audit_id    text   not null,
  primary key (graduate_id, seq)
) --sqlite: without rowid
;

-- begun_at is of the machine's clock, whatever clock the school has: a staged import that is a day old is dead.
create table batch (
  id          text   not null primary key,
  kind        text   not null,
  cohort      text   not null,
  source      text   not null,
  file        text   not null,
  file_sha256 text   not null,
  account     text   not null,
  started_at  bigint not null,
  begun_at    bigint not null,
  published_at bigint not null default 0,
  undone_at   bigint not null default 0,
  undone_by   text   not null default '',
  counts      text   not null default ''
);
create table batch_graduate (
  batch_id    text not null,
  graduate_id text not null,
  primary key (batch_id, graduate_id)
) --sqlite: without rowid
;
create table batch_before (
  batch_id    text not null,
  graduate_id text not null,
  sealed      text not null,
  primary key (batch_id, graduate_id)
);

-- What an import has prepared, out of everybody's way until it is published or dropped.
-- Rows are too large to lie in a key's tree: each would take a page of its own beside it.
create table stage_graduate (
  batch_id      text   not null,
  id            text   not null,
  student_no    text   not null,
  exam_no       text   not null,
  name          text   not null,
  cohort        text   not null,
  level_id      text   not null,
  college_id    text   not null,
  major_id      text   not null,
  class_id      text   not null,
  sex           text   not null,
  ethnicity     text   not null,
  origin        text   not null,
  training      text   not null,
  in_statistics text   not null,
  has_left      text   not null,
  seq           bigint not null,
  profile       text   not null,
  sealed        text   not null,
  id_index      text   not null,
  phone_index   text   not null,
  before        text   not null,
  expect_seq    bigint not null,
  expect_rev    bigint not null,
  primary key (batch_id, id)
);
create table stage_event (
  batch_id    text   not null,
  graduate_id text   not null,
  seq         bigint not null,
  true_on     text   not null default '',
  change_id   text   not null default '',
  step        text   not null default '',
  act         text   not null default '',
  case_id     text   not null default '',
  level       bigint not null default 0,
  mark        text   not null default '',
  scheme      text   not null default '',
  code        text   not null default '',
  said        text   not null default '',
  fields      text   not null default '',
  sealed      text   not null default '',
  actor       text   not null default '',
  source      text   not null default '',
  reason      text   not null default '',
  evidence    text   not null default '',
  cohort      text   not null default '',
  digest      bytea  not null,
  primary key (batch_id, graduate_id, seq)
) --sqlite: without rowid
;

create table employer (
  id          text not null primary key,
  credit_code text unique,
  name        text not null,
  name_key    text not null,
  nature      text not null default '',
  industry    text not null default '',
  region      text not null default '',
  address     text not null default '',
  founded     text not null default '',
  status      text not null default '',
  source      text not null default ''
);
create index employer_name_key on employer (name_key);
create table hospital_level (
  employer_id text not null references employer (id),
  from_day    text not null,
  level       text not null,
  source      text not null,
  primary key (employer_id, from_day)
);

create table finding (
  id          text   not null primary key,
  graduate_id text   not null references graduate (id),
  case_id     text   not null,
  change_id   text   not null,
  rule        text   not null,
  severity    text   not null,
  message     text   not null,
  at          bigint not null,
  batch_id    text   not null,
  answer      text   not null,
  answered_by text   not null
);
create index finding_graduate on finding (graduate_id, at);
create table sample (
  id          text   not null primary key,
  graduate_id text   not null references graduate (id),
  case_id     text   not null,
  reason      text   not null,
  stratum     text   not null,
  seed        bigint not null,
  at          bigint not null,
  result      text   not null,
  note        text   not null,
  answered_by text   not null
);
create index sample_graduate on sample (graduate_id);
create table document (
  graduate_id text   not null references graduate (id),
  sha256      text   not null,
  kind        text   not null,
  media       text   not null,
  size        bigint not null,
  at          bigint not null,
  account     text   not null,
  audit_id    text   not null,
  primary key (graduate_id, sha256, kind)
);
create index document_sha256 on document (sha256);

create table minimum_wage (
  region   text   not null,
  from_day text   not null,
  monthly  bigint not null,
  hourly   bigint not null,
  source   text   not null,
  primary key (region, from_day)
);

create table snapshot (
  name           text   not null primary key,
  cohort         text   not null,
  true_before    bigint not null,
  known_before   bigint not null,
  definition     text   not null,
  version        text   not null,
  code_versions  text   not null,
  frozen_at      bigint not null,
  frozen_by      text   not null,
  people         bigint not null,
  sha256         text   not null,
  audit_id       text   not null,
  approval       text   not null default '',
  approval_audit text   not null default ''
);
create table snapshot_row (
  snapshot  text not null references snapshot (name),
  pseudonym text not null,
  attrs     text not null,
  cell      text not null,
  detail    text not null,
  scheme    text not null,
  code      text not null,
  counts    text not null,
  sealed    text not null,
  primary key (snapshot, pseudonym)
);
create table snapshot_unlock (
  id       text   not null primary key,
  snapshot text   not null references snapshot (name),
  account  text   not null,
  reason   text   not null,
  at       bigint not null,
  until    bigint not null,
  audit_id text   not null
);
