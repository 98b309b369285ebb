// Package quxiang carries the texts of the project that the program prints.
package quxiang

import _ "embed"

// Notices are the licences of what the binary contains (THIRD_PARTY_NOTICES).
//
//go:embed THIRD_PARTY_NOTICES
var Notices string

// Licence is the project's own (MIT).
//
//go:embed LICENSE
var Licence string
