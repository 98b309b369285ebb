// Draws curves anew from their own tables, so that a point tells its numbers. The
// drawing of the server stays for print, for narrow screens and where scripts do not run.
(function () {
  'use strict';
  var figures = document.querySelectorAll('figure[data-chart="curve"]');
  if (!window.echarts || !figures.length || !window.matchMedia('(min-width: 621px)').matches) return;
  var styles = getComputedStyle(document.documentElement);
  function token(name) { return styles.getPropertyValue(name).trim(); }
  var ink = token('--ink'), ink2 = token('--ink-2'), grid = token('--line'), own = token('--k-work'), paper = token('--paper');
  var font = getComputedStyle(document.body).fontFamily;

  // moment of a day such as 2024-08-31, the same in every zone.
  function moment(day) {
    var p = day.split('-');
    return Date.UTC(+p[0], +p[1] - 1, +p[2]);
  }

  // read takes days, heads and cells out of the table.
  function read(figure) {
    var heads = [].map.call(figure.querySelectorAll('thead th'), function (th) {
      return { title: th.textContent.trim(), line: th.getAttribute('data-line') };
    });
    var rows = [].map.call(figure.querySelectorAll('tbody tr'), function (tr) {
      return [].map.call(tr.children, function (c) { return c.textContent.trim(); });
    });
    return { heads: heads, rows: rows };
  }

  function months(from, to) {
    var out = [], d = new Date(from);
    for (var m = 0; m < 60; m++) {
      var t = Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + m, 1);
      if (t > to) break;
      if (t >= from) out.push(t);
    }
    var every = Math.ceil(out.length / 10);
    return out.filter(function (_, i) { return i % every === 0; });
  }

  function lines(table) {
    var out = [];
    table.heads.forEach(function (h, column) {
      if (!h.line) return;
      var first = out.length === 0;
      var data = table.rows.filter(function (r) { return r[column] !== ''; }).map(function (r) {
        return { value: [moment(r[0]), +r[column]], symbolSize: 0 };
      });
      if (!data.length) return;
      out.push({
        type: 'line', name: h.line, data: data, symbol: 'circle', showSymbol: true, showAllSymbol: true, z: first ? 3 : 2, silent: true,
        lineStyle: { color: first ? own : ink2, width: first ? 2 : 1.4, type: first ? 'solid' : [5, 4] }, itemStyle: { color: first ? own : ink2 }
      });
    });
    return out;
  }

  // name writes the names beside the ends, and parts them where they would meet.
  function name(series, height) {
    series.forEach(function (s, i) {
      var last = s.data[s.data.length - 1], shift = 0;
      if (i > 0) {
        var gap = (series[0].data[series[0].data.length - 1].value[1] - last.value[1]) / 100 * height;
        if (Math.abs(gap) < 17) shift = gap >= 0 ? 17 - gap : -17 - gap;
      }
      if (i === 0) last.symbolSize = 8;
      last.label = { show: true, position: 'right', distance: 10, offset: [0, shift], formatter: s.name, color: i ? ink2 : ink,
        fontWeight: i ? 400 : 600, fontFamily: font, fontSize: 12 };
    });
  }

  function draw(figure) {
    var table = read(figure), series = lines(table), box = document.createElement('div');
    if (!series.length) return;
    box.className = 'live';
    box.setAttribute('aria-hidden', 'true');
    figure.insertBefore(box, figure.firstChild);
    figure.className += ' drawn';
    var from = moment(table.rows[0][0]), to = moment(table.rows[table.rows.length - 1][0]);
    name(series, box.clientHeight - 38);
    series.push({ type: 'line', data: [[to, 0], [to, 100]], symbol: 'none', silent: true, z: 1, lineStyle: { color: ink2, width: 1, type: [2, 3] } });
    var chart = window.echarts.init(box, null, { renderer: 'svg' });
    var ticks = months(from, to);
    chart.setOption({
      animation: false, useUTC: true, textStyle: { fontFamily: font, fontSize: 12, color: ink2 },
      grid: { left: 44, right: 136, top: 10, bottom: 28 },
      xAxis: { type: 'time', min: from, max: to, axisLine: { lineStyle: { color: ink2 } }, splitLine: { show: false },
        axisTick: { customValues: ticks }, axisLabel: { customValues: ticks, color: ink2, align: 'left', formatter: function (t) {
          var d = new Date(t);
          return ticks.length > 10 && d.getUTCMonth() === 0 ? d.getUTCFullYear() + ' 年' : d.getUTCMonth() + 1 + ' 月';
        } } },
      yAxis: { type: 'value', min: 0, max: 100, interval: 25, splitLine: { lineStyle: { color: grid } }, axisLabel: { color: ink2,
        formatter: function (v) { return v === 100 ? '100 %' : v; } } },
      tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: paper, borderColor: ink2, borderWidth: 1, padding: [6, 10],
        textStyle: { color: ink, fontSize: 12, fontFamily: font }, axisPointer: { type: 'line', lineStyle: { color: ink2 }, label: { show: false } },
        formatter: function (list) {
          var row = table.rows[list[0].dataIndex];
          if (!row) return '';
          var out = [row[0], table.heads[1].title + ' ' + row[1] + ' / ' + row[2]];
          table.heads.forEach(function (h, i) {
            if (h.line && row[i]) out.push(h.title.replace(' %', '') + ' ' + row[i] + ' %');
          });
          return out.join('\n');
        } },
      series: series
    });
    window.addEventListener('resize', function () { chart.resize(); });
  }

  [].forEach.call(figures, draw);
})();
