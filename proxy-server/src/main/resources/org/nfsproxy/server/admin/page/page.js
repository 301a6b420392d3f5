// The live page. It watches GET events, and shows each event; it keeps nothing but the points of its charts.
//
// Names, paths and addresses are what clients and servers made of them. They become text nodes, and nothing else:
// there is no HTML made here, and the page's Content-Security-Policy (trusted types) would not let it.
"use strict";
(() => {
  const WINDOW_SECONDS = 300;
  const WINDOW_SECONDS_MIN = 60;
  const SILENCE_MILLIS = 8000;
  const RETRY_MILLIS = 3000;
  const NOTHING = "–";

  const at = (id) => document.getElementById(id);

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function tell(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  function address(page) {
    try {
      return /^https?:\/\//.test(page || "") ? new URL(page).href : "";
    } catch (none) {
      return "";
    }
  }

  // Only to where another instance says that its page is, and only by HTTP: the server has seen to it, and nothing is lost by looking again.
  function link(node, text, page) {
    const to = address(page);
    if (node.textContent === text && (node.firstElementChild ? node.firstElementChild.href : "") === to) return;
    node.replaceChildren(to ? element("a", text) : text);
    if (!to) return;
    node.firstElementChild.href = to;
    node.firstElementChild.rel = "noreferrer";
  }

  // ---- numbers --------------------------------------------------------------------------------

  const grouped = (n) => n.toLocaleString("en-US");
  const isNumber = (n) => typeof n === "number" && isFinite(n);

  function count(n) {
    return isNumber(n) ? grouped(n) : NOTHING;
  }

  function rate(n) {
    if (!isNumber(n)) return NOTHING;
    return n === 0 ? "0" : n < 100 ? n.toFixed(1) : grouped(Math.round(n));
  }

  function millis(n) {
    if (!isNumber(n)) return NOTHING;
    return n < 1 ? n.toFixed(3) : n < 100 ? n.toFixed(2) : grouped(Math.round(n));
  }

  function bytesIn(n) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let unit = 0;
    for (; n >= 1024 && unit < units.length - 1; unit++) n /= 1024;
    return [unit === 0 || n >= 100 ? grouped(Math.round(n)) : n.toFixed(1), units[unit]];
  }

  function bytes(n) {
    return isNumber(n) ? bytesIn(n).join(" ") : NOTHING;
  }

  function clock(iso) {
    const time = new Date(iso);
    return isNaN(time) ? String(iso) : time.toLocaleTimeString("en-GB");
  }

  // ---- tables ---------------------------------------------------------------------------------

  // A column: what it is called, the field of a row, how it is written, and its kind.
  const word = (title, field, kind) => ({ title, field, isWord: true, kind: kind || "word", write: (v) => (v === null || v === undefined ? NOTHING : String(v)) });
  const number = (title, field, write, hint) => ({ title, field, write, hint, kind: "" });
  const exactBytes = (title, field) => ({ title, field, write: bytes, exact: true, kind: "" });

  const FLOW = [
    number("calls/s", "callsPerSecond", rate),
    number("errors/s", "errorsPerSecond", rate, "calls whose status is not OK; NOENT is everyday"),
    number("in/s", "bytesInPerSecond", bytes, "bytes of calls"),
    number("out/s", "bytesOutPerSecond", bytes, "bytes of replies"),
    number("origin ms", "originMillis", millis, "a call's mean time at the origin"),
    number("proxy ms", "proxyMillis", millis, "a call's mean time in the proxy"),
    number("calls", "calls", count, "since the start"),
    number("errors", "errors", count, "since the start"),
    exactBytes("in", "bytesIn"),
    exactBytes("out", "bytesOut"),
  ];

  const TABLES = {
    clients: { title: "Clients", columns: [word("client", "client", "word name"), ...FLOW], sort: "callsPerSecond", rows: (e) => e.clients.rows, of: (e) => e.clients.of, key: (r) => r.client, opens: (r) => r.client !== "other" },
    exports: { title: "Exports", columns: [word("export", "export", "word name"), ...FLOW], sort: "callsPerSecond", rows: (e) => e.exports.rows, of: (e) => e.exports.of, key: (r) => r.export },
    operations: {
      title: "Operations",
      columns: [
        word("operation", "operation", "word name"), word("program", "program"), word("version", "version"),
        number("ops/s", "operationsPerSecond", rate),
        number("errors/s", "errorsPerSecond", rate, "calls whose status is not OK; NOENT is everyday"),
        number("in/s", "bytesInPerSecond", bytes, "bytes of calls that are about it"),
        number("out/s", "bytesOutPerSecond", bytes, "bytes of their replies"),
        number("origin ms", "originMillis", millis, "mean time at the origin"),
        number("p99", "originMillisP99", millis, "what 99 of 100 calls did not exceed at the origin"),
        number("proxy ms", "proxyMillis", millis, "mean time in the proxy"),
        number("p99", "proxyMillisP99", millis, "what 99 of 100 calls did not exceed in the proxy"),
        number("operations", "operations", count, "since the start"),
        number("errors", "errors", count, "since the start"),
        exactBytes("in", "bytesIn"), exactBytes("out", "bytesOut"),
        { title: "statuses", field: "statuses", isWord: true, kind: "word", write: (v) => Object.entries(v || {}).map(([name, n]) => name + " " + grouped(n)).join(", ") || NOTHING },
      ],
      sort: "operationsPerSecond", rows: (e) => e.operations, of: (e) => e.operations.length,
      key: (r) => r.program + " " + r.version + " " + r.operation,
    },
    pairs: {
      title: "Client × export",
      columns: [word("client", "client", "word name"), word("export", "export", "word name"), word("operation", "operation"), word("program", "program"), word("version", "version"), number("calls/s", "callsPerSecond", rate), number("calls", "calls", count, "since the start")],
      sort: "callsPerSecond", rows: (e) => e.pairs.rows, of: (e) => e.pairs.of,
      key: (r) => [r.client, r.export, r.program, r.version, r.operation].join("\n"),
    },
  };

  const REFUSALS = {
    columns: [word("rule", "rule", "word name"), word("key", "key"), number("calls/s", "callsPerSecond", rate), number("calls", "calls", count, "since the start")],
    sort: "calls", key: (r) => r.rule + "\n" + r.key,
  };

  const INSTANCES = {
    columns: [{ ...word("instance", "name", "word name"), page: "page" }, word("address", "address"), word("", "says", "word")],
    sort: "name", isAscending: true, key: (r) => r.name + "\n" + r.address,
  };

  const CONNECTIONS = {
    columns: [
      word("port", "port"), { ...word("since", "since"), write: (v) => new Date(v).toLocaleString("en-GB") },
      { ...word("versions", "versions"), write: (v) => (v || []).join(", ") || NOTHING }, word("identity", "identity"),
      word("balancer", "balancer"), number("calls", "calls", count), number("in flight", "callsInFlight", count),
      exactBytes("in", "bytesIn"), exactBytes("out", "bytesOut"), word("origin port", "originPort"),
      { ...word("", "leaving"), write: (v) => (v ? "leaving" : "") },
    ],
    sort: "calls", key: (r) => r.port,
  };

  // Rows are kept from event to event, so that what is marked or has the focus stays.
  class View {
    constructor(table) {
      this.head = table.tHead;
      this.body = table.tBodies[0];
      this.known = new Map();
    }

    use(shape) {
      this.shape = shape;
      this.field = shape.sort;
      this.isAscending = Boolean(shape.isAscending);
      this.known.clear();
      this.body.replaceChildren();
      const row = element("tr");
      for (const column of shape.columns) row.append(this.title(column));
      this.head.replaceChildren(row);
      return this;
    }

    title(column) {
      const cell = element("th", undefined, column.kind);
      cell.scope = "col";
      cell.dataset.field = column.field;
      const button = element("button", column.title);
      button.type = "button";
      if (column.hint) button.title = column.hint;
      button.addEventListener("click", () => this.sortBy(column));
      cell.append(button);
      return cell;
    }

    sortBy(column) {
      this.isAscending = this.field === column.field ? !this.isAscending : Boolean(column.isWord);
      this.field = column.field;
      this.show(this.rows);
    }

    show(rows, needle) {
      this.rows = rows;
      if (needle !== undefined) this.needle = needle;
      const shown = rows.filter((row) => this.matches(row)).sort((a, b) => this.compare(a, b));
      const gone = new Set(this.known.keys());
      shown.forEach((row, index) => {
        const key = this.shape.key(row);
        gone.delete(key);
        const line = this.known.get(key) || this.add(key, row);
        this.fill(line, row);
        if (this.body.rows[index] !== line) this.body.insertBefore(line, this.body.rows[index] || null);
      });
      for (const key of gone) {
        this.known.get(key).remove();
        this.known.delete(key);
      }
      for (const cell of this.head.rows[0].cells) {
        if (cell.dataset.field === this.field) cell.setAttribute("aria-sort", this.isAscending ? "ascending" : "descending");
        else cell.removeAttribute("aria-sort");
      }
      return shown.length;
    }

    matches(row) {
      return !this.needle || this.shape.columns.some((c) => c.isWord && c.write(row[c.field]).toLowerCase().includes(this.needle));
    }

    compare(a, b) {
      const [one, other] = [a[this.field], b[this.field]];
      const order = typeof one === "number" || typeof other === "number"
        ? (isNumber(one) ? one : -1) - (isNumber(other) ? other : -1)
        : String(one).localeCompare(String(other), "en", { numeric: true });
      return (this.isAscending ? order : -order) || (String(this.shape.key(a)) < String(this.shape.key(b)) ? -1 : 1);
    }

    add(key, row) {
      const line = element("tr");
      for (const column of this.shape.columns) {
        const cell = element("td", undefined, column.kind);
        cell.dataset.field = column.field;
        line.append(cell);
      }
      line.dataset.key = key;
      this.known.set(key, line);
      if (this.shape.opens && this.shape.opens(row)) {
        line.classList.add("opens");
        line.tabIndex = 0;
        line.addEventListener("click", () => openClient(row.client));
        line.addEventListener("keydown", (pressed) => {
          if (pressed.key === "Enter") openClient(row.client);
        });
      }
      return line;
    }

    fill(line, row) {
      this.shape.columns.forEach((column, index) => {
        const cell = line.cells[index];
        const value = row[column.field];
        if (column.page) link(cell, column.write(value), row[column.page]);
        else tell(cell, column.write(value));
        if (column.exact && isNumber(value)) cell.title = grouped(value) + " bytes";
        else if (column.kind === "word name") cell.title = cell.textContent;
      });
    }
  }

  // ---- charts ---------------------------------------------------------------------------------

  const points = { time: [], calls: [], errors: [], in: [], out: [], origin: [], originP99: [], proxy: [], proxyP99: [] };
  let charts = [];

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function series(label, stroke, write, isThin) {
    return { label, stroke: color(stroke), width: isThin ? 1 : 1.8, dash: isThin ? [4, 3] : undefined, points: { show: false }, spanGaps: false, value: (u, v) => (v === null || v === undefined ? NOTHING : write(v)) };
  }

  const powersOfTen = (u, all) => all.map((v) => (Number.isInteger(Math.round(1e6 * Math.log10(v)) / 1e6) ? v : null));

  // The newest values, unless somebody points at others.
  function setData(each) {
    each.made.setData([points.time, ...each.fields.map((f) => points[f])]);
    if (!(each.made.cursor.left >= 0)) each.made.setLegend({ idx: points.time.length - 1 }, false);
  }

  function chart(id, fields, all, write, axis, isLogarithmic) {
    const place = at(id);
    place.replaceChildren();
    const line = { stroke: color("--quiet"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
    const made = new uPlot(
      {
        width: Math.max(200, place.clientWidth), height: 190, cursor: { y: false, drag: { x: false, y: false } },
        scales: {
          x: { time: true, range: (u, from, to) => [Math.max(to - WINDOW_SECONDS, Math.min(from, to - WINDOW_SECONDS_MIN)), to] },
          y: isLogarithmic ? { distr: 3 } : { range: (u, from, to) => [0, to > 0 ? to * 1.1 : 1] },
        },
        axes: [
          { ...line, space: 70, size: 30, values: (u, all) => all.map((v) => new Date(v * 1000).toLocaleTimeString("en-GB")) },
          { ...line, size: 62, grid: isLogarithmic ? { ...line.grid, filter: powersOfTen } : line.grid, values: (u, all) => all.map((v) => (v === null ? "" : axis(v))) },
        ],
        legend: { markers: { dash: (u, i) => (u.series[i].dash ? "dashed" : "solid") } },
        series: [{}, ...all],
      },
      [points.time, ...fields.map((f) => points[f])],
      place,
    );
    return { made, fields, place };
  }

  function drawCharts() {
    for (const each of charts) each.made.destroy();
    charts = [
      chart("chart-calls", ["calls", "errors"], [series("calls", "--origin", rate), series("errors", "--bad", rate)], rate, rate),
      chart("chart-times", ["originP99", "origin", "proxyP99", "proxy"],
        [series("origin p99", "--origin", millis), series("origin mean", "--origin", millis, true), series("proxy p99", "--proxy", millis), series("proxy mean", "--proxy", millis, true)],
        millis, (v) => (v >= 1 ? String(v) : v.toFixed(3).replace(/0+$/, "")), true),
      chart("chart-bytes", ["in", "out"], [series("in: calls", "--third", bytes), series("out: replies", "--good", bytes)], bytes, bytes),
    ];
  }

  function resizeCharts() {
    for (const each of charts) {
      const width = Math.max(200, each.place.clientWidth);
      if (width !== each.made.width) each.made.setSize({ width, height: each.made.height });
    }
  }

  // A logarithm has no place for 0; a microsecond is the least that is told.
  const positive = (n) => (isNumber(n) ? Math.max(n, 0.001) : null);
  const orNull = (n) => (isNumber(n) ? n : null);

  function addPoint(event) {
    const all = event.all;
    const values = {
      time: Date.parse(event.time) / 1000, calls: orNull(all.callsPerSecond), errors: orNull(all.errorsPerSecond),
      in: orNull(all.bytesInPerSecond), out: orNull(all.bytesOutPerSecond),
      origin: positive(all.originMillis), originP99: positive(all.originMillisP99),
      proxy: positive(all.proxyMillis), proxyP99: positive(all.proxyMillisP99),
    };
    const last = points.time[points.time.length - 1];
    if (event.seconds === null || values.time <= last) return;
    for (const field of Object.keys(points)) points[field].push(values[field]);
    while (points.time[0] < values.time - WINDOW_SECONDS - 10) {
      for (const field of Object.keys(points)) points[field].shift();
    }
    charts.forEach(setData);
  }

  // ---- parts of the page ----------------------------------------------------------------------

  const tiles = new Map();

  function tile(name, value, unit, more, className) {
    let known = tiles.get(name);
    if (!known) {
      const place = element("div");
      known = { place, value: element("span"), unit: element("small"), more: element("dd", "", "more") };
      const first = element("dd");
      first.append(known.value, known.unit);
      place.append(element("dt", name), first, known.more);
      at("tiles").append(place);
      tiles.set(name, known);
    }
    known.place.className = className || "";
    tell(known.value, value);
    tell(known.unit, unit || "");
    tell(known.more, more || "");
  }

  function showTiles(event) {
    const all = event.all;
    const perSecond = (n) => (isNumber(n) ? bytesIn(n) : [NOTHING, ""]);
    const [inValue, inUnit] = perSecond(all.bytesInPerSecond);
    const [outValue, outUnit] = perSecond(all.bytesOutPerSecond);
    tile("Calls", rate(all.callsPerSecond), "/s", count(all.calls) + " in all");
    tile("Errors", rate(all.errorsPerSecond), "/s", count(all.errors) + " in all");
    tile("In", inValue, inUnit && inUnit + "/s", bytes(all.bytesIn) + " in all");
    tile("Out", outValue, outUnit && outUnit + "/s", bytes(all.bytesOut) + " in all");
    tile("At the origin", millis(all.originMillis), "ms", "p99 " + millis(all.originMillisP99) + " ms", "origin");
    tile("In the proxy", millis(all.proxyMillis), "ms", "p99 " + millis(all.proxyMillisP99) + " ms", "proxy");
    const open = event.info.connections;
    tile("In flight", count(all.callsInFlight), "", count(open) + (open === 1 ? " connection" : " connections"));
    tile("Event loops late", millis(all.eventLoopLagMillis), "ms", "at most", all.longerAt === "stalled" ? "bad" : "");
  }

  function showLonger(all) {
    const origin = all.originMillis || 0;
    const proxy = all.proxyMillis || 0;
    const sum = origin + proxy;
    const percent = sum > 0 ? Math.round((100 * origin) / sum) : 0;
    const share = at("share");
    share.children[0].style.width = (sum > 0 ? percent : 0) + "%";
    share.children[1].style.width = (sum > 0 ? 100 - percent : 0) + "%";
    const node = at("longer");
    node.className = all.longerAt === "stalled" ? "longer bad" : "longer";
    node.dataset.at = all.longerAt || "";
    tell(node,
      all.longerAt === "stalled"
        ? "The proxy itself stood still: an event loop came " + millis(all.eventLoopLagMillis) + " ms late. Replies waited meanwhile, so times at the origin have that in them. The machine lacks CPU, or the process was stopped."
        : sum === 0
          ? "No calls were answered."
          : "Of the time of calls " + percent + " % was at the origin, with the way there and back, and " + (100 - percent) + " % in the proxy.");
  }

  function pill(id, text, isGood) {
    const node = at(id);
    node.hidden = text === null;
    tell(node, text || "");
    node.className = isGood === null ? "" : isGood ? "good" : "bad";
  }

  function showState(event) {
    const info = event.info;
    const reach = info.reachability;
    tell(at("instance"), info.instance + " " + info.version);
    pill("serving", info.serving ? "takes clients" : "drains or stops: takes no new client", info.serving);
    pill("origin",
      "origin " + info.origin + (reach === null ? "" : reach.state === "silent" ? " is silent since " + clock(reach.since) + (reach.lastError ? ": " + reach.lastError : "") : " " + reach.state),
      reach === null || reach.state === "not asked" ? null : reach.state === "answers");
    const cluster = event.cluster;
    const isAlone = cluster.state === "off";
    pill("cluster-state", isAlone ? null : cluster.state === "joined" ? cluster.instances.length + " instances" : "alone in its cluster", cluster.state === "joined");
    at("cluster").hidden = isAlone;
    if (!isAlone) {
      tell(at("cluster-why"), cluster.why || "");
      instances.show(cluster.instances.map((each) => ({ name: each.name, address: each.address, page: each.self ? null : each.page, says: each.self ? "this one" : "there" })));
    }
    document.title = info.instance + " · nfs-proxy";
  }

  function showLines(list, lines) {
    const items = lines.map((line) => {
      const item = element("li");
      const time = element("time", clock(line.time));
      time.dateTime = line.time;
      item.append(time, element("span", line.text));
      return item;
    });
    const before = list.dataset.shown;
    const now = JSON.stringify(lines);
    if (before !== now) {
      list.replaceChildren(...items);
      list.dataset.shown = now;
    }
  }

  // ---- one client -----------------------------------------------------------------------------

  const dialog = at("client");
  let opened = null;

  function openClient(client) {
    opened = client;
    tell(at("client-name"), client);
    tell(at("client-said"), "");
    connections.use(CONNECTIONS).show([]);
    dialog.showModal();
    refreshClient();
  }

  async function refreshClient() {
    const client = opened;
    if (client === null) return;
    try {
      const answer = await fetch("clients?count=50&address=" + encodeURIComponent(client.replace(/%.*/, "")));
      const rows = await answer.json();
      if (client !== opened) return;
      if (!answer.ok) throw new Error(rows.error || answer.status);
      connections.show(rows);
      const counted = rows.length > 0 ? rows[0].ofAddress : null;
      tell(at("client-said"),
        (rows.length === 0 ? "Not connected now." : rows.length === 50 ? "50 of its connections." : rows.length + (rows.length === 1 ? " connection." : " connections.")) +
          (counted ? " In the last ten seconds " + rate(counted.callsPerSecond) + " calls/s, " + millis(counted.originMillis) + " ms at the origin, " + millis(counted.proxyMillis) + " ms in the proxy; p99 since the start " + millis(counted.originMillisP99) + " and " + millis(counted.proxyMillisP99) + " ms." : ""));
    } catch (failed) {
      if (client === opened) tell(at("client-said"), "Its connections could not be had: " + failed.message);
    }
    showClientRefusals();
  }

  function showClientRefusals() {
    if (!latest || opened === null) return;
    const lines = latest.lastRefusals.filter((line) => line.client === opened);
    showLines(at("client-refusals"), lines);
    tell(at("client-refused"), lines.length === 0 ? "none of late" : "");
  }

  dialog.addEventListener("close", () => { opened = null; });

  // ---- what is shown --------------------------------------------------------------------------

  const rows = new View(at("rows"));
  const refusals = new View(at("refusals")).use(REFUSALS);
  const instances = new View(at("instances")).use(INSTANCES);
  const connections = new View(at("connections")).use(CONNECTIONS);
  let chosen = "clients";
  let latest = null;

  function choose(name) {
    chosen = name;
    for (const tab of at("tabs").children) tab.setAttribute("aria-selected", String(tab.dataset.table === name));
    rows.use(TABLES[name]);
    showRows();
  }

  function showRows() {
    if (!latest) return;
    const shape = TABLES[chosen];
    const all = shape.rows(latest);
    const shown = rows.show(all, at("filter").value.trim().toLowerCase());
    const of = shape.of(latest);
    tell(at("shown"), (shown < all.length ? shown + " of " : "") + (all.length < of ? "the " + all.length + " busiest of " + grouped(of) + ", /metrics has all" : grouped(all.length)));
  }

  function show(event) {
    latest = event;
    showState(event);
    showTiles(event);
    showLonger(event.all);
    addPoint(event);
    showRows();
    tell(at("refusals-shown"), event.refusals.length === 0 ? "none" : "by rule and key");
    at("refusals").hidden = event.refusals.length === 0;
    refusals.show(event.refusals);
    showLines(at("last-refusals"), event.lastRefusals.slice(0, 8));
    showLines(at("slow-calls"), event.slowCalls.slice(0, 20));
    at("no-slow-calls").hidden = event.slowCalls.length > 0;
    if (opened !== null) refreshClient();
    document.body.dataset.events = String(Number(document.body.dataset.events || 0) + 1);
  }

  // ---- the token ------------------------------------------------------------------------------

  // It goes out as a header and is kept nowhere; what stays is a cookie that no script can read.
  const login = at("login");

  function askForToken(why) {
    tell(at("login-said"), why);
    if (!login.open) login.showModal();
  }

  async function logIn(pressed) {
    pressed.preventDefault();
    const token = at("token").value.trim();
    at("token").value = "";
    try {
      // What no header can carry is no token either, and fetch says so.
      const answer = await fetch("login", { method: "POST", headers: { Authorization: "Bearer " + token }, cache: "no-store" });
      if (!answer.ok) throw new Error((await answer.json()).error);
      login.close();
      watch();
    } catch (failed) {
      askForToken(failed.message);
    }
  }

  async function logOut() {
    await fetch("logout", { method: "POST", cache: "no-store" }).catch(() => {});
    location.reload();
  }

  at("login-form").addEventListener("submit", logIn);
  login.addEventListener("cancel", (pressed) => pressed.preventDefault());
  at("logout").addEventListener("click", logOut);

  // ---- watching -------------------------------------------------------------------------------

  function news(text, isBad) {
    const node = at("news");
    tell(node, text);
    node.className = isBad ? "bad" : "";
  }

  // By fetch and not by EventSource, which can send no header (docs/decisions/0082) and hides what a refusal says.
  async function watch() {
    const abort = new AbortController();
    let isKnown = true;
    let heard = Date.now();
    const watchdog = setInterval(() => {
      if (Date.now() - heard > SILENCE_MILLIS) abort.abort();
    }, 1000);
    try {
      const answer = await fetch("events", { headers: { "X-Requested-With": "page" }, cache: "no-store", signal: abort.signal });
      at("logout").hidden = !answer.headers.has("Nfs-Proxy-Session");
      isKnown = answer.status !== 401;
      if (!answer.ok) throw new Error((await answer.json()).error);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) throw new Error("the proxy has ended it");
        heard = Date.now();
        text += value;
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const event = JSON.parse(text.slice("data: ".length, end));
          text = text.slice(end + 2);
          show(event);
          news(event.seconds === null ? "Counting." : "As of " + clock(event.time) + ", over " + event.seconds.toFixed(1) + " s");
        }
      }
    } catch (failed) {
      const why = failed.name === "AbortError" ? "no word for " + Math.round((Date.now() - heard) / 1000) + " s" : failed.message;
      if (isKnown) news("The proxy does not answer (" + why + "). Trying again.", true);
    } finally {
      clearInterval(watchdog);
      abort.abort();
      if (isKnown) {
        setTimeout(watch, RETRY_MILLIS);
      } else {
        news("Waiting for the token.", true);
        askForToken("");
      }
    }
  }

  for (const [name, table] of Object.entries(TABLES)) {
    const tab = element("button", table.title);
    tab.type = "button";
    tab.setAttribute("role", "tab");
    tab.dataset.table = name;
    tab.addEventListener("click", () => choose(name));
    at("tabs").append(tab);
  }
  at("filter").addEventListener("input", showRows);
  choose("clients");
  drawCharts();
  new ResizeObserver(resizeCharts).observe(document.querySelector(".charts"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);
  watch();
})();
