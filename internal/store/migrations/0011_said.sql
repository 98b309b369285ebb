-- What a graduate told past the college is kept apart from what checking it came to, and says when it was answered.

-- +goose Up

alter table sample add column said text not null default '';
alter table sample add column answered_at bigint not null default 0;
update sample set said = note, note = '' where reason = '本人反映';
