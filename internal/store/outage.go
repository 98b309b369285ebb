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

// outage is the one place where an error of the machine becomes a refusal that a
// user can read (R6, R7, R18); every other error is returned as it is.
func outage(err error) error {
	if err == nil || fault.KindOf(err) != "" {
		return err
	}
	if says := outageSays(err); says != "" {
		return fault.Outagef(err, "", "%s", says)
	}
	return err
}

func outageSays(err error) string {
	var embedded *driver.Error
	if errors.As(err, &embedded) {
		return sqliteSays(embedded.Code() & 0xff) // the rest of the code says where
	}
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return postgresSays(server.Code)
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return saysFull
	case errors.Is(err, syscall.EROFS):
		return saysReadOnly
	case errors.Is(err, syscall.EIO):
		return saysBroken
	case lostConnection(err):
		return saysAway
	}
	return ""
}

func sqliteSays(primary int) string {
	switch primary {
	case codes.SQLITE_FULL:
		return saysFull
	case codes.SQLITE_READONLY:
		return saysReadOnly
	case codes.SQLITE_IOERR, codes.SQLITE_CANTOPEN:
		return saysBroken
	case codes.SQLITE_BUSY:
		return saysCrowded
	}
	return ""
}

// postgresSays goes by the classes of PostgreSQL, Appendix A "Error Codes".
func postgresSays(code string) string {
	switch {
	case code == "53100":
		return saysFull
	case code == "25006":
		return saysReadOnly
	case strings.HasPrefix(code, "58"):
		return saysBroken
	case strings.HasPrefix(code, "53"):
		return saysCrowded
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"):
		return saysAway
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
