-- A file that waits for a second person is the one that was asked for: its columns and its day.

-- +goose Up

alter table export_request add column layout text not null default '';
alter table export_request add column as_of text not null default '';
