-- The trail is searched by who, what and about whom, the newest first; and what was struck out is listed.

-- +goose Up

create index audit_at on audit (at, id);
create index audit_account on audit (account, at, id);
create index audit_action on audit (action, at, id);
create index event_struck on event (graduate_id) where mark = 'struck';
