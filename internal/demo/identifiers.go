package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// creditSigns of GB 32100-2015; a sign's place is its value.
const creditSigns = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// unassigned is a sign that no registering authority has (GB 32100-2015, table
// 1, and its amendments give out 1 to 9, A, N and Y).
const unassigned = "X"

// creditCode makes a credit code of the right form that no authority can issue.
func creditCode(r *rand.Rand, region string) string {
	var b strings.Builder
	b.WriteString(unassigned + "1" + region)
	sum := 0
	for _, w := range [8]int{3, 7, 9, 10, 5, 8, 4, 2} {
		v := r.IntN(10)
		b.WriteByte(byte('0' + v))
		sum += v * w
	}
	b.WriteByte("0X987654321"[sum%11])
	sum, weight := 0, 1
	for _, c := range []byte(b.String()) {
		sum += strings.IndexByte(creditSigns, c) * weight
		weight = weight * 3 % 31
	}
	b.WriteByte(creditSigns[(31-sum%31)%31])
	return b.String()
}

// Places of the citizen numbers: 980101 to 980805, of which none was ever
// allocated; days of a year and sequence numbers make 7.3 million combinations.
const (
	prefixes  = 40
	yearDays  = 365
	sequences = 500 // of each sex
	stride    = 4_567_891
)

// idNumber makes the citizen number (GB 11643) of a person, by their number in
// the school: a walk through all combinations, so that no two share one. The
// birthday is a day of the year's first 365.
func idNumber(person uint32, year int, male bool) (number, birthday string) {
	at := uint64(person) * stride % (prefixes * yearDays * sequences)
	place, rest := at%prefixes, at/prefixes
	day, seq := rest%yearDays, rest/yearDays*2
	if male {
		seq++
	}
	birthday = string((dateOf(dayOf(year, 1, 1)) + date(day)).day())
	number = fmt.Sprintf("98%02d%02d%s%03d", place/5+1, place%5+1, strings.ReplaceAll(birthday, "-", ""), seq)
	sum := 0
	for i := range len(number) {
		sum = (sum + int(number[i]-'0')) * 2 % 11
	}
	return number + "10X98765432"[sum:sum+1], birthday
}

// phone makes a mobile number of a range that is never issued to anybody: 100
// for graduates, 101 for employers.
func phone(range3 int, n uint32) string {
	return fmt.Sprintf("%d%08d", range3, uint64(n)*61_234_567%100_000_000)
}
