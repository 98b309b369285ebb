package settings

import (
	"fmt"

	"quxiang/internal/domain/fault"
)

// Disk is the room on the disk of the data folder, in bytes. The zero Disk is one of
// which nothing is known: it has room.
type Disk struct {
	Free uint64 // for this program
	Size uint64
}

// Watermarks of the disk. On a large disk a tenth is room for years; there the second
// figures, in bytes, count.
const (
	lowParts, lowBytes     = 10, 10 << 30 // from nine tenths used: somebody is told
	tightParts, tightBytes = 20, 2 << 30  // from nineteen of twenty: nothing large is taken
)

// Low reports that somebody must make room: at least nine tenths are used, and less
// than 10 GiB are left.
func (d Disk) Low() bool { return d.Free <= d.Size/lowParts && d.Free < lowBytes && d.Size > 0 }

// Tight reports that what is left is kept for the register itself: at least 95 in 100
// are used, and less than 2 GiB are left.
func (d Disk) Tight() bool { return d.Free <= d.Size/tightParts && d.Free < tightBytes && d.Size > 0 }

// Room refuses a file of evidence or of an import on a disk that is tight; what is
// registered without one needs next to nothing and goes on. Error: fault.Unavailable.
func (d Disk) Room() error {
	if d.Tight() {
		return fault.Unavailablef("file", "服务器磁盘快满了，暂时收不了文件。填的内容还在，请过些时候再传；不用交新材料的登记可以照常提交")
	}
	return nil
}

// Warning tells whoever can make room, in a sentence; blank while there is enough.
func (d Disk) Warning() string {
	if !d.Low() {
		return ""
	}
	state := fmt.Sprintf("服务器磁盘已用 %d%%，还剩 %s", (d.Size-d.Free)*100/d.Size, bytesOf(d.Free))
	if d.Tight() {
		return state + "：佐证材料和导入文件已经停收，不带新材料的登记照常。请马上清理磁盘或扩容，有了空间会自行恢复"
	}
	return state + "。请通知管理服务器的同事清理磁盘或扩容：用到 95% 时会停收佐证材料和导入文件"
}

func bytesOf(n uint64) string {
	if n >= 1<<30 {
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%d MB", n>>20)
}
