-- When a session proved itself last and from where, second factors, and what
-- passwords an account had.

-- +goose Up
alter table login_session add column proved_at bigint not null default 0;
alter table login_session add column demo boolean not null default false;
alter table login_session add column network text not null default '';
alter table login_session add column device text not null default '';

-- secret is sealed (gateway/vault). used_step is the newest step of a code that was
-- taken: no code counts twice.
create table second_factor (
  account_id   text   not null primary key references account (id),
  secret       text   not null,
  made_at      bigint not null,
  confirmed_at bigint not null default 0,
  used_step    bigint not null default 0
);
create table recovery_code (
  account_id text   not null references account (id),
  digest     text   not null,
  used_at    bigint not null default 0,
  primary key (account_id, digest)
);
create table password_history (
  account_id text   not null references account (id),
  set_at     bigint not null,
  hash       text   not null,
  primary key (account_id, set_at)
);
insert into password_history (account_id, set_at, hash)
select id, created_at, password from account where password <> '';
