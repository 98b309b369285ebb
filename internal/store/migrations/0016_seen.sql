-- Whoever reviews the accounts sees when each was last used: sessions are forgotten, this is kept.

-- +goose Up

alter table account add column seen_at bigint not null default 0;
update account set seen_at = coalesce((select max(seen_at) from login_session where account_id = account.id), 0);
create index account_grant_role on account_grant (role);
