-- Who made a new code or a link to set a password for somebody: the account's owner
-- is told at the next login, and sees it for good.

-- +goose Up

create table key_given (
  account_id text   not null references account (id),
  made_at    bigint not null,
  made_by    text   not null,
  kind       text   not null,
  used_at    bigint not null default 0,
  seen_at    bigint not null default 0,
  primary key (account_id, made_at)
);
