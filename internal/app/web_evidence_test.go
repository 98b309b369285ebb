package app_test

import (
	"testing"

	"quxiang/internal/domain/access"
)

func TestEvidenceByAddress(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		mine, other := c.graduate("240001"), c.graduate("240062")
		d, err := c.app.Destinations.Upload(t.Context(), access.Console("test"), mine, "CON", photo(t, 40))
		if err != nil {
			t.Fatal(err)
		}
		at := "/evidence/" + mine + "/" + d.SHA256
		self, _ := c.account("240001", mine, access.Grant{Role: access.Graduate, Over: access.Self(mine)})
		classmate, _ := c.account("240062", other, access.Grant{Role: access.Graduate, Over: access.Self(other)})
		near, _ := c.account("near", "", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(c.unit("临床医学院"))})
		far, _ := c.account("far", "", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(c.unit("药学院"))})
		support, _ := c.account("support", "", access.Grant{Role: access.Support, Over: access.School()})
		auditor, _ := c.account("auditor", "", access.Grant{Role: access.Auditor, Over: access.School()})
		for name, v := range map[string]struct {
			who    access.Account
			status int
		}{"their own": {self, 200}, "their college": {near, 200}, "another graduate": {classmate, 404}, "another college": {far, 404}, "the auditor": {auditor, 403}, "a support officer, who keeps lists": {support, 403}} {
			w := c.enter(v.who)
			w.want(name, at, v.status)
			if v.status == 200 {
				w.want(name+", under somebody else's name", "/evidence/"+other+"/"+d.SHA256, 404)
			}
		}
	})
}
