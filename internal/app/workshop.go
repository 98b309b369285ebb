package app

import (
	"quxiang/internal/gateway/paper"
	"quxiang/internal/web"
)

// workshop is what the pages of annual reports stand on.
func (a *App) workshop() *web.Workshop {
	return &web.Workshop{Reports: a.Annual, Draw: paper.FigureSVG, Print: WriteReport, Endings: ReportEndings}
}
