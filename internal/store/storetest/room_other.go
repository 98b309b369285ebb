//go:build !linux

package storetest

// room is the folder of temporary files.
func room() string { return "" }
