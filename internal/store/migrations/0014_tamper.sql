-- What shows afterwards that rows were changed behind the program's back.

-- +goose Up

-- One row for each time that the program wrote a row which may change: who reads
-- them in order knows what must lie there now. digest is empty of a row that went.
-- The audit entry holds the digest of each of these rows among its items.
create table imprint (
  kind     text   not null,
  subject  text   not null,
  rev      bigint not null,
  digest   bytea  not null,
  audit_id text   not null,
  primary key (kind, subject, rev)
) --sqlite: without rowid
;
-- Set until the rows of a school that is older than this table have their first imprint.
insert into meta (key, value)
select 'imprints_due', '1' where exists (select 1 from account) or exists (select 1 from graduate) or exists (select 1 from unit);

-- Signed ends of the chain (a note of golang.org/x/mod/sumdb/note), to be kept by others.
create table checkpoint (
  n    bigint not null primary key,
  at   bigint not null,
  why  text   not null,
  note text   not null
);

-- The database itself refuses what the program never does. Sealed values may be
-- sealed anew with another key; an entry that waits gets its place in the chain.
--sqlite{
-- +goose StatementBegin
create trigger event_stands before update of graduate_id, seq, known_at, true_on, change_id, step, act, case_id, level, mark, scheme, code,
  said, fields, actor, source, reason, batch_id, evidence, audit_id on event
begin select raise(abort, 'events are never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger event_stays before delete on event begin select raise(abort, 'events are never removed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_says before update of id, at, account, action, subject, detail, items on audit
begin select raise(abort, 'audit entries are never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_stands before update on audit when old.n <> 0
begin select raise(abort, 'sealed audit entries are never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_stays before delete on audit begin select raise(abort, 'audit entries are never removed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger imprint_stands before update on imprint begin select raise(abort, 'imprints are never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger imprint_stays before delete on imprint begin select raise(abort, 'imprints are never removed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger checkpoint_stands before update on checkpoint begin select raise(abort, 'checkpoints are never changed'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger checkpoint_stays before delete on checkpoint begin select raise(abort, 'checkpoints are never removed'); end;
-- +goose StatementEnd
--}
--postgres{
-- +goose StatementBegin
create function refuse_change() returns trigger language plpgsql as $$
begin raise exception '% on % is never done', tg_op, tg_table_name; end $$;
-- +goose StatementEnd
create trigger event_stands before update of graduate_id, seq, known_at, true_on, change_id, step, act, case_id, level, mark, scheme, code,
  said, fields, actor, source, reason, batch_id, evidence, audit_id on event for each row execute function refuse_change();
create trigger event_stays before delete on event for each row execute function refuse_change();
create trigger event_whole before truncate on event for each statement execute function refuse_change();
create trigger audit_says before update of id, at, account, action, subject, detail, items on audit for each row execute function refuse_change();
create trigger audit_stands before update on audit for each row when (old.n <> 0) execute function refuse_change();
create trigger audit_stays before delete on audit for each row execute function refuse_change();
create trigger audit_whole before truncate on audit for each statement execute function refuse_change();
create trigger imprint_stands before update on imprint for each row execute function refuse_change();
create trigger imprint_stays before delete on imprint for each row execute function refuse_change();
create trigger imprint_whole before truncate on imprint for each statement execute function refuse_change();
create trigger checkpoint_stands before update on checkpoint for each row execute function refuse_change();
create trigger checkpoint_stays before delete on checkpoint for each row execute function refuse_change();
create trigger checkpoint_whole before truncate on checkpoint for each statement execute function refuse_change();
revoke delete, truncate on table event, audit, imprint, checkpoint from current_user;
--}
