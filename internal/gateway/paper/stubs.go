package paper

import (
	"io"

	"quxiang/internal/domain/proofread"
)

func readWeb(src io.ReaderAt, size int64) ([]proofread.Block, error) { return nil, notDocument }
func readPDF(src io.ReaderAt, size int64) ([]proofread.Block, error) { return nil, notDocument }
