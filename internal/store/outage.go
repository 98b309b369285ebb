package store

import (
	sqldriver "database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"quxiang/internal/domain/fault"
)

// What the machine cannot do now, as users read it. Nothing of it asks for a
// restart: the next attempt finds the disk or the server as it is then.
const (
	saysFull     = "服务器磁盘已满，这次没有保存。填的内容还在，请稍后再交；一直不行，请告诉就业中心"
	saysReadOnly = "服务器现在只能查看，不能保存。填的内容还在，请稍后再交；一直不行，请告诉就业中心"
	saysBroken   = "服务器的磁盘读写出错，这次没有办成。请稍后再试，并告诉就业中心"
	saysCrowded  = "现在办理的人太多，这次没有办成，请稍等再试"
	saysAway     = "数据库暂时连不上，不能确定这次是否已保存。请稍后在同一页面再试，不会重复"
)

// Trouble is what a machine cannot do now; blank: it is well, or the error is our
// own defect.
type Trouble string

// The troubles that errors of disks and database servers come down to.
const (
	DiskFull     Trouble = "full"
	DiskReadOnly Trouble = "read-only"
	DiskBroken   Trouble = "broken"
	Crowded      Trouble = "crowded"
	ServerAway   Trouble = "away"
)

var says = map[Trouble]string{DiskFull: saysFull, DiskReadOnly: saysReadOnly, DiskBroken: saysBroken, Crowded: saysCrowded, ServerAway: saysAway}

// briefly are the troubles as a reason within a sentence.
var briefly = map[Trouble]string{DiskFull: "磁盘已满", DiskReadOnly: "磁盘是只读的", DiskBroken: "磁盘读写出错", Crowded: "数据库正忙", ServerAway: "数据库连不上"}

// outage is the one place where an error of the machine becomes a refusal that a
// user can read (R6, R7, R18); every other error is returned as it is.
func outage(err error) error {
	if err == nil || fault.KindOf(err) != "" {
		return err
	}
	if words := says[TroubleOf(err)]; words != "" {
		return fault.Outagef(err, "", "%s", words)
	}
	return err
}

// TroubleOf says what is wrong with the machine, by whatever error tells it.
func TroubleOf(err error) Trouble {
	var embedded *driver.Error
	if errors.As(err, &embedded) {
		return sqliteTrouble(embedded.Code())
	}
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return postgresTrouble(server.Code)
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return DiskFull
	case errors.Is(err, syscall.EROFS):
		return DiskReadOnly
	case errors.Is(err, syscall.EIO):
		return DiskBroken
	case lostConnection(err):
		return ServerAway
	}
	return ""
}

func sqliteTrouble(code int) Trouble {
	if code == codes.SQLITE_IOERR_SHMSIZE { // its index beside the log could not grow
		return DiskFull
	}
	switch code & 0xff { // the rest of the code says where

	case codes.SQLITE_FULL:
		return DiskFull
	case codes.SQLITE_READONLY:
		return DiskReadOnly
	case codes.SQLITE_IOERR, codes.SQLITE_CANTOPEN:
		return DiskBroken
	case codes.SQLITE_BUSY:
		return Crowded
	}
	return ""
}

// postgresTrouble goes by the classes of PostgreSQL, Appendix A "Error Codes".
func postgresTrouble(code string) Trouble {
	switch {
	case code == "53100":
		return DiskFull
	case code == "25006":
		return DiskReadOnly
	case strings.HasPrefix(code, "58"):
		return DiskBroken
	case strings.HasPrefix(code, "53"):
		return Crowded
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"):
		return ServerAway
	}
	return ""
}

// lostConnection reports that the server went away, or is not there.
func lostConnection(err error) bool {
	var connect *pgconn.ConnectError
	var network *net.OpError
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, sqldriver.ErrBadConn) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || err.Error() == "conn closed"
}
