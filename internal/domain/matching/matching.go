// Package matching brings graduates' wishes and employers' positions together: who is
// eligible for what, by both sides' conditions; a score of both sides in points that can be
// told in words; lists that show every position no more often than its headcount can use,
// with a certificate of how near they are to the best lists there are; and rounds for
// positions with quotas, by deferred acceptance.
//
// Nothing here knows sex, 民族, birthplace, school, difficulty or political status: there
// is no field for them, so that no score and no condition can use them (《就业促进法》).
//
// Everything is deterministic: the same wishes and positions, in whatever order and on
// however many processors, give the same lists.
package matching

// Full is the most points that a part, a side or a score can have.
const Full = 10000

// Points are what a side gives a pair, 0…Full.
type Points = int32
