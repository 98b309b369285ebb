-- Rotations of the data key: what lies sealed is sealed anew, row by row, beside
-- whoever works.
--
-- An event's envelope is the one column of it that a rotation replaces. The event's
-- digest stays: it is over the envelope as first written, which the new one holds.

-- +goose Up

-- One that ended_at 0 is under way, or was cut off and goes on when it is asked for again.
create table key_rotation (
  id         text   not null primary key,
  key_id     text   not null,
  cipher     text   not null,
  began_at   bigint not null,
  began_by   text   not null,
  place      text   not null,
  done       bigint not null,
  ended_at   bigint not null default 0
);
create unique index key_rotation_open on key_rotation (ended_at) where ended_at = 0;
