-- $1: known before, epoch milliseconds; $2: last day of the cut
with said as (
  select * from event where known_at < $1
), person as (
  select graduate,
    (array_agg(cohort order by true_on desc nulls last, seq desc) filter (where cohort is not null))[1] as cohort,
    (array_agg(level order by true_on desc nulls last, seq desc) filter (where level is not null))[1] as level,
    (array_agg(college order by true_on desc nulls last, seq desc) filter (where college is not null))[1] as college,
    (array_agg(in_statistics order by true_on desc nulls last, seq desc) filter (where in_statistics is not null))[1] as counted
  from said
  where kind = 'person' and (true_on is null or true_on <= $2)
  group by graduate
), change as (
  select graduate, change_id, min(seq) as opened, min(act) as act, min(case_id) as case_id,
    (array_agg(code order by seq desc) filter (where code is not null))[1] as code,
    (array_agg(true_on order by seq desc) filter (where true_on is not null))[1] as true_on,
    max(seq) filter (where step in ('approved', 'recorded')) as effective
  from said
  where kind = 'step'
  group by graduate, change_id
), standing as (
  select graduate, case_id,
    min(opened) filter (where act = 'open') as opened,
    (array_agg(code order by effective desc) filter (where code is not null and act in ('open', 'amend')))[1] as code,
    (array_agg(true_on order by effective desc) filter (where true_on is not null and act in ('open', 'amend')))[1] as true_on,
    (array_agg(true_on order by effective desc) filter (where act = 'end'))[1] as ends
  from change
  where effective is not null
  group by graduate, case_id
  having not bool_or(act = 'void') and bool_or(act = 'open')
), running as (
  select distinct on (graduate) graduate, case when ends <= $2 then null else code end as code
  from standing
  where true_on <= $2
  order by graduate, true_on desc, opened desc
)
select level, college, count(*),
  count(*) filter (where code in ('10', '11', '12', '271', '502', '75', '801', '85'))
from person left join running using (graduate)
where cohort = '2024' and counted
group by level, college
