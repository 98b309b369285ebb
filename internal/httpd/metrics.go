package httpd

import (
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"quxiang/internal/domain/fault"
)

// Metrics are what the server measures of itself, for Prometheus. They count
// requests by route, never by address: nobody is in them. Nil measures nothing.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// NewMetrics returns metrics with those of the Go runtime and the process.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "quxiang_request_seconds", Help: "Requests by route, from their first line to the last byte of the answer, waiting included.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 15, 30},
	}, []string{"method", "route", "status"})}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Gauge has a value shown that goes up and down. The name is without the prefix.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "quxiang_" + name, Help: help}, value))
}

// Counter has a value shown that only grows. The name is without the prefix.
func (m *Metrics) Counter(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "quxiang_" + name, Help: help}, value))
}

// Handler answers with all of them as text.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// follow shows a queue.
func (m *Metrics) follow(q *queue) {
	if m == nil {
		return
	}
	m.Gauge("requests_running", "Requests worked on.", func() float64 { n, _, _ := q.length(); return float64(n) })
	m.Gauge("requests_waiting", "Requests that wait for their turn.", func() float64 { _, n, _ := q.length(); return float64(n) })
	m.Counter("requests_shed_total", "Requests told to come again (503).", func() float64 { _, _, n := q.length(); return float64(n) })
}

func (m *Metrics) observe(method, route string, status int, took time.Duration) {
	if m == nil {
		return
	}
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodHead:
	default:
		method = "other" // anybody may invent one
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// ListenMetrics opens the socket at which metrics are answered, on this machine only:
// they say how busy a school is and how it is run. Error: fault.Usage.
func ListenMetrics(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil || !loopback(host) {
		return nil, fault.Usagef("metrics", "监控数据只能在本机提供，请把 --metrics 写成 127.0.0.1:9190 的样子")
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fault.Usagef("metrics", "地址 %s 用不了，请换一个 --metrics", address)
	}
	return ln, nil
}
