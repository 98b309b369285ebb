package part

// tagClass is the colour of a state: disputes share that of what is void.
func tagClass(kind string) string {
	switch kind {
	case "dispute":
		return "void"
	case "draft":
		return "old"
	}
	return kind
}
