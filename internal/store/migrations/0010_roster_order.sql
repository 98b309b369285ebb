-- The roster's own order, so that a page of a large cohort is read and not sorted.

-- +goose Up

create index graduate_cohort_roster on graduate (cohort, class_id, (coalesce(student_no, exam_no)), id, has_left, college_id, level_id);
