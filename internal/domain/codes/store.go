package codes

import "context"

// Store keeps what a school adds to the built-in tables.
type Store interface {
	InTx(ctx context.Context, do func(context.Context) error) error
	// LocalCodes returns the codes and mappings that were added, in order of adding.
	LocalCodes(ctx context.Context) ([]Code, []Mapping, error)
	// SaveLocalCodes adds codes (or replaces them by scheme and code) and mappings
	// (by table, scheme and source code).
	SaveLocalCodes(ctx context.Context, added []Code, mapped []Mapping) error
}
