package layout

func (w *walk) tokens() bool { return false }
