package layout

func (w *walk) drawn() bool { return false }

func (w *walk) tokens() bool { return false }
