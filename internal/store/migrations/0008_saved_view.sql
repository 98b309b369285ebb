-- Lists that somebody asks for again and again, under a name of their own.

-- +goose Up

create table saved_view (
  id         text   not null primary key,
  account_id text   not null references account (id),
  page       text   not null,
  name       text   not null,
  query      text   not null,
  at         bigint not null,
  unique (account_id, page, name)
);
