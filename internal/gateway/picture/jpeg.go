package picture

import (
	"bytes"
	"encoding/binary"
)

// scanned is what is read of a JPEG before it is decoded.
type scanned struct {
	orientation int     // of EXIF; 0 if it says nothing
	perPixel    float64 // bytes of memory that decoding takes
}

// mostScans is how many passes a progressive JPEG may have. Cameras write one,
// programs about ten; a thousand tiny ones over a large picture would keep a core
// busy for minutes.
const mostScans = 64

// scanJPEG walks the segments of a JPEG up to its end. It is false for one that has
// none, is cut off, or has more passes than anybody writes.
func scanJPEG(raw []byte) (s scanned, ok bool) {
	scans := 0
	for at := 2; ; {
		marker, next := nextMarker(raw, at)
		switch {
		case next < 0:
			return s, false
		case marker == 0xd9: // the end; cameras put films and thumbnails behind it
			return s, s.perPixel > 0 && scans > 0
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd8:
			at = next
			continue
		}
		if next+2 > len(raw) {
			return s, false
		}
		size := int(binary.BigEndian.Uint16(raw[next:]))
		if size < 2 || next+size > len(raw) {
			return s, false
		}
		body := raw[next+2 : next+size]
		at = next + size
		switch {
		case marker == 0xe1 && s.orientation == 0:
			s.orientation = orientationOf(body)
		case marker >= 0xc0 && marker <= 0xc2 && s.perPixel == 0:
			s.perPixel = frameCost(body, marker == 0xc2)
		case marker == 0xda:
			if scans++; scans > mostScans {
				return s, false
			}
		}
	}
}

// nextMarker finds the next marker from there on, past entropy-coded data and its
// stuffed zeros; next is the offset behind it, -1 at the end of the file.
func nextMarker(raw []byte, at int) (marker byte, next int) {
	for at < len(raw) {
		n := bytes.IndexByte(raw[at:], 0xff)
		if n < 0 {
			return 0, -1
		}
		at += n + 1
		for at < len(raw) && raw[at] == 0xff {
			at++
		}
		if at < len(raw) && raw[at] != 0 {
			return raw[at], at + 1
		}
	}
	return 0, -1
}

// frameCost is how many bytes a pixel of the frame takes while it is decoded: a
// progressive one holds four bytes more for each sample. 0 for no frame.
func frameCost(body []byte, progressive bool) float64 {
	if len(body) < 6 {
		return 0
	}
	n := int(body[5])
	if n < 1 || n > 4 || len(body) < 6+3*n {
		return 0
	}
	samples, most := 0, 1
	for i := range n {
		hv := body[6+3*i+1]
		of := int(hv>>4) * int(hv&15)
		samples, most = samples+of, max(most, of)
	}
	each := float64(samples) / float64(most)
	if progressive {
		each *= 5
	}
	return each
}

// orientationOf reads tag 0x0112 of an EXIF segment; 0 if there is none.
func orientationOf(body []byte) int {
	tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == 0x0112 {
			if v := int(order.Uint16(entries[8:])); order.Uint16(entries[2:]) == 3 && v >= 1 && v <= 8 {
				return v
			}
			return 0
		}
		entries = entries[12:]
	}
	return 0
}
