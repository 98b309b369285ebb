-- $1: known before, epoch milliseconds; $2: last day of the cut.
-- The value that stands is the greatest of (day, seq, value): one pass, where ordered aggregates take twice the time.
with person as (
  select graduate,
    (max(array[coalesce(true_on::text, ''), (1000000 + seq)::text, cohort]) filter (where cohort is not null))[3] as cohort,
    (max(array[coalesce(true_on::text, ''), (1000000 + seq)::text, level]) filter (where level is not null))[3] as level,
    (max(array[coalesce(true_on::text, ''), (1000000 + seq)::text, college]) filter (where college is not null))[3] as college,
    (max(array[coalesce(true_on::text, ''), (1000000 + seq)::text, in_statistics::text]) filter (where in_statistics is not null))[3] as counted
  from event
  where kind = 'person' and known_at < $1 and (true_on is null or true_on <= $2::date)
  group by graduate
), change as (
  select graduate, change_id, min(seq) as opened, min(act) as act, min(case_id) as case_id,
    (max(array[(1000000 + seq)::text, code]) filter (where code is not null))[2] as code,
    (max(array[(1000000 + seq)::text, true_on::text]) filter (where true_on is not null))[2] as true_on,
    max(seq) filter (where step in ('approved', 'recorded')) as effective
  from event
  where kind = 'step' and known_at < $1
  group by graduate, change_id
), standing as (
  select graduate, case_id,
    min(opened) filter (where act = 'open') as opened,
    (max(array[(1000000 + effective)::text, code]) filter (where code is not null and act in ('open', 'amend')))[2] as code,
    (max(array[(1000000 + effective)::text, true_on]) filter (where true_on is not null and act in ('open', 'amend')))[2] as true_on,
    (max(array[(1000000 + effective)::text, true_on]) filter (where act = 'end'))[2] as ends
  from change
  where effective is not null
  group by graduate, case_id
  having not bool_or(act = 'void') and bool_or(act = 'open')
), running as (
  select distinct on (graduate) graduate, case when ends <= $2::date::text then null else code end as code
  from standing
  where true_on <= $2::date::text
  order by graduate, true_on desc, opened desc
)
select level, college, count(*),
  count(*) filter (where code in ('10', '11', '12', '271', '502', '75', '801', '85'))
from person left join running using (graduate)
where cohort = '2024' and counted = 'true'
group by level, college
