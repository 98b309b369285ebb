-- Forms that were answered, so that sending one twice is sending it once.

-- +goose Up

create table form_answer (
  form     text   not null primary key,
  location text   not null,
  at       bigint not null
);
create index form_answer_at on form_answer (at);
