-- Forms as somebody left them. They are nobody's word and are never counted; what was typed lies sealed.

-- +goose Up

create table draft (
  graduate_id text   not null references graduate (id),
  account_id  text   not null,
  about       text   not null,
  sealed      text   not null,
  saved_at    bigint not null,
  primary key (graduate_id, account_id, about)
);
