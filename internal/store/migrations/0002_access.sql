-- Deputies, codes of graduates, and what was accepted.

-- +goose Up
alter table account_grant add column for_account text not null default '';
create index account_grant_for on account_grant (for_account) where for_account <> '';
create index account_graduate on account (graduate);

alter table login_link add column issued_by text not null default '';
alter table login_link add column issued_at bigint not null default 0;
create index login_link_account on login_link (account_id);
-- One code of an account holds at a time.
create unique index login_link_code on login_link (account_id) where purpose = 'activate' and used_at = 0;
create index login_session_account on login_session (account_id);

create table notice_acceptance (
  account_id  text   not null references account (id),
  version     text   not null,
  accepted_at bigint not null,
  primary key (account_id, version)
);
create table activation (
  account_id text   not null references account (id),
  at         bigint not null,
  issued_by  text   not null,
  issued_at  bigint not null,
  primary key (account_id, at)
);
