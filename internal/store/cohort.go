package store

import "context"

// Cohorts returns the years that somebody was ever in, oldest first.
func (s *Store) Cohorts(ctx context.Context) ([]string, error) {
	return collect(s.query(ctx, `select distinct cohort from graduate_cohort order by cohort`), scanText)
}

// Members returns the ids of everyone who was ever in the cohort, in order.
func (s *Store) Members(ctx context.Context, cohort string) ([]string, error) {
	return collect(s.query(ctx, `select graduate_id from graduate_cohort where cohort = $1 order by graduate_id`, cohort), scanText)
}
