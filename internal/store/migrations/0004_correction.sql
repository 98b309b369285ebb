-- Source check: what graduates find wrong in their own data, and their word that the rest is right.

-- +goose Up

-- Before, value and note of a secret field lie sealed and are blank. A row that a graduate settled at once (done) holds no value.
create table correction (
  id          text   not null primary key,
  graduate_id text   not null references graduate (id),
  field       text   not null,
  before      text   not null default '',
  value       text   not null default '',
  note        text   not null default '',
  sealed      text   not null default '',
  state       text   not null,
  asked_at    bigint not null,
  asked_by    text   not null,
  decided_at  bigint not null default 0,
  decided_by  text   not null default '',
  reason      text   not null default ''
);
create unique index correction_open on correction (graduate_id, field) where state = 'open';
create index correction_waiting on correction (id) where state = 'open';
create index correction_graduate on correction (graduate_id, id);

-- rev and basis are what the graduate confirmed: when the roster says something else, the word lapses.
create table source_check (
  graduate_id text   not null primary key references graduate (id),
  at          bigint not null,
  rev         bigint not null,
  basis       text   not null
);

-- Lists run in the order of the roster, and who saw whom is asked by subject.
create index graduate_roster on graduate (class_id, (coalesce(student_no, exam_no)), id);
create index audit_subject on audit (subject, at);
