package part

// Page is what the frame of a page needs to know.
type Page struct {
	Title     string // of the page, before the school's name
	School    string
	Style     string   // address of the stylesheet
	Icon      string   // address of the site's icon
	Scripts   []string // addresses of scripts that improve the page; it works without
	User      string   // name of who is signed in; blank if nobody is
	Role      string   // what they are, as people call it
	FormToken string   // what every form carries; blank on a page without forms
	Once      string   // makes each form of this page count once
	Insecure  bool     // passwords travel in the clear: red banner
	Disk      string   // what whoever looks after the server must hear of its disk; blank: nothing
	DiskTight bool     // and at once
	Demo      bool     // an invented school: say so
	Bare      bool     // no way in or out on this page: an error is shown
	Refresh   int      // seconds after which the page asks again by itself; 0: never
	Public    string   // a line in the footer of public pages; blank: the usual one

	Nav    []NavGroup // of the desk's side, or the graduates' tab bar (one group)
	Crumbs []Link     // from the widest to the page itself, which has no address
	Back   string     // of the graduates' pages: where the arrow leads; blank: no arrow
	Search bool       // the desk's bar has the search field
	Query  string     // what is searched for now
}

// Link is a word that leads somewhere; without an address it leads nowhere.
type Link struct {
	Title string
	Href  string
}

// NavGroup is some entries of the navigation under a heading.
type NavGroup struct {
	Title string // blank: no heading
	Items []NavItem
}

// NavItem is one entry of the navigation.
type NavItem struct {
	Title   string
	Href    string
	Icon    string
	Count   int    // what waits there; 0: nothing is shown
	Of      string // what the count is over, such as 各届合计; blank: nothing is said
	Current bool
}
