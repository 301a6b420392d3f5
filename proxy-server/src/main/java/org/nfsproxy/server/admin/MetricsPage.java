package org.nfsproxy.server.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.cluster.InstanceLink;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.QuestionTimes;
import org.nfsproxy.server.metrics.ConnectionEvent;
import org.nfsproxy.server.metrics.FlowTotals;
import org.nfsproxy.server.metrics.LatencyHistogram;
import org.nfsproxy.server.metrics.MeterTotals;
import org.nfsproxy.server.metrics.Meters;
import org.nfsproxy.server.metrics.MetricsWriter;
import org.nfsproxy.server.metrics.OperationRows;
import org.nfsproxy.server.metrics.PrometheusText;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.refusals.RefusalCounts;
import org.nfsproxy.server.tls.ServerTls;

/** What is counted, as Prometheus reads it: {@code GET /metrics}. */
// Every label has few values, none of which a client can make up: operations, versions and statuses
// are those of the tables, clients and exports are bounded (section metrics of the configuration).
public final class MetricsPage implements Page {
  private static final int OK = 200;
  private static final String OPEN_METRICS = "application/openmetrics-text";

  private final Sources sources;
  private volatile Consumer<MetricsWriter> others = nobody -> {};

  private MetricsPage(Sources sources) {
    this.sources = sources;
  }

  /**
   * Where the numbers come from.
   *
   * @param meters what is counted of calls; null if nothing is
   * @param exports what is known of exports
   * @param closes connections that were closed, by reason
   * @param tls TLS towards clients; null if there is none
   * @param adminTls that of the admin pages; null if there is none
   * @param callsInFlight calls that have no reply now
   * @param recordBytesHeld bytes of calls that are held now
   * @param containment how often clients were kept from being led elsewhere, by kind
   * @param refusals how many calls each rule refused
   * @param cluster how it goes with the other instances; null if there are none
   */
  public record Sources(
      @Nullable Meters meters,
      Exports exports,
      Supplier<List<Measure>> measures,
      Supplier<Integer> connections,
      Supplier<Map<String, Long>> closes,
      @Nullable Tls tls,
      @Nullable ServerTls adminTls,
      Supplier<Long> callsInFlight,
      Supplier<Long> recordBytesHeld,
      BooleanSupplier ready,
      Supplier<Map<String, Object>> containment,
      RefusalCounts refusals,
      @Nullable Supplier<InstanceLink.Report> cluster,
      String version,
      String instance) {}

  /**
   * What is counted of TLS.
   *
   * @param handshakes that have ended, by outcome
   * @param underWay those that have not
   * @param transports connections now
   * @param expires when the certificate does
   */
  public record Tls(
      Supplier<Map<String, Long>> handshakes,
      Supplier<Integer> underWay,
      Supplier<Map<TransportSecurity, Long>> transports,
      Supplier<Instant> expires) {}

  /**
   * The page.
   *
   * @param sources where the numbers come from
   */
  public static MetricsPage of(Sources sources) {
    return new MetricsPage(sources);
  }

  /**
   * Lets somebody else add what he counts.
   *
   * @param others writes it
   */
  void also(Consumer<MetricsWriter> others) {
    this.others = others;
  }

  @Override
  public Answer answer() {
    return answer(null);
  }

  @Override
  public Answer answer(@Nullable String accept) {
    PrometheusText text = new PrometheusText(accept != null && accept.contains(OPEN_METRICS));
    write(text);
    return new Answer(OK, new Text(text.contentType(), text.end()));
  }

  Sources sources() {
    return sources;
  }

  /**
   * Writes all of it.
   *
   * @param text takes it
   */
  void write(MetricsWriter text) {
    text.gauge("nfs_proxy_build_info", "Which program this is; the value is always 1.")
        .sample(
            1,
            "version",
            sources.version,
            "java",
            Runtime.version().toString(),
            "instance_name",
            sources.instance);
    if (sources.meters != null) {
      counted(text, sources.meters);
    }
    rules(text);
    instance(text);
    if (sources.tls != null) {
      tls(text, sources.tls);
    }
    if (sources.adminTls != null) {
      text.gauge(
              "nfs_proxy_admin_certificate_expiry_timestamp_seconds",
              "When the certificate of the admin pages expires, in seconds since 1970.")
          .sample(sources.adminTls.material().expires().getEpochSecond());
    }
    questions(text, sources.exports.questionTimes().counted());
    exports(text);
    backend(text);
    cluster(text);
    others.accept(text);
    ProcessMetrics.write(text);
  }

  private static void tls(MetricsWriter text, Tls tls) {
    text.counter(
        "nfs_proxy_tls_handshakes_total",
        "TLS handshakes of clients that have ended, by what became of them.");
    tls.handshakes.get().forEach((outcome, count) -> text.sample(count, "outcome", outcome));
    text.gauge(
            "nfs_proxy_tls_handshakes_under_way",
            "TLS handshakes of clients that have not ended. At listen.tls.handshakesMax others wait.")
        .sample(tls.underWay.get());
    text.gauge(
        "nfs_proxy_transport_connections",
        "Client connections by how they are protected: none, tls, mtls.");
    tls.transports.get().forEach((each, count) -> text.sample(count, "transport", each.word()));
    text.gauge(
            "nfs_proxy_certificate_expiry_timestamp_seconds",
            "When the certificate that clients are shown expires, in seconds since 1970.")
        .sample(tls.expires.get().getEpochSecond());
  }

  // ---- calls ----------------------------------------------------------------------------------

  private void counted(MetricsWriter text, Meters meters) {
    MeterTotals totals = meters.totals();
    operations(text, totals);
    times(
        text,
        "nfs_proxy_call_origin_seconds",
        "From when a call left for the origin to when its reply began to come, by what the call is"
            + " about. Long: the origin, or the network to it, is slow.",
        totals::origin);
    times(
        text,
        "nfs_proxy_call_proxy_seconds",
        "What a call and its reply spent in this proxy. Long: look at CPU, at"
            + " nfs_proxy_event_loop_lag_seconds and at nfs_proxy_question_wait_seconds.",
        totals::proxy);
    ExportNames names = new ExportNames(sources.exports::numbered);
    exports(text, totals, names);
    clients(text, totals);
    pairs(text, totals, names);
    connections(text, meters, totals);
  }

  private static String[] labels(int row) {
    OperationRows.Row words = OperationRows.words(row);
    return new String[] {
      "program", words.program(), "version", words.version(), "operation", words.operation()
    };
  }

  private static void operations(MetricsWriter text, MeterTotals totals) {
    text.counter(
        "nfs_proxy_operations_total",
        "Operations that were executed or refused: of NFSv4 each one of a COMPOUND, else calls.");
    for (int row = 0; row < OperationRows.count(); row++) {
      if (totals.calls(row) > 0) {
        text.sample(totals.calls(row), labels(row));
      }
    }
    text.counter(
        "nfs_proxy_operation_errors_total",
        "Operations that failed, by status. NOENT and EXIST are everyday; IO, SERVERFAULT, STALE,"
            + " DELAY and AUTH_ERROR in numbers are not.");
    for (int row = 0; row < OperationRows.count(); row++) {
      OperationRows.Row words = OperationRows.words(row);
      totals
          .errors(row)
          .forEach(
              (status, count) ->
                  text.sample(
                      count,
                      "program",
                      words.program(),
                      "version",
                      words.version(),
                      "operation",
                      words.operation(),
                      "status",
                      status));
    }
    text.counter(
        "nfs_proxy_operation_received_bytes_total",
        "Bytes of calls, by what the call is about: of a COMPOUND one operation.");
    for (int row = 0; row < OperationRows.count(); row++) {
      if (totals.bytesIn(row) > 0) {
        text.sample(totals.bytesIn(row), labels(row));
      }
    }
    text.counter(
        "nfs_proxy_operation_sent_bytes_total", "Bytes of replies, by what the call is about.");
    for (int row = 0; row < OperationRows.count(); row++) {
      if (totals.bytesOut(row) > 0) {
        text.sample(totals.bytesOut(row), labels(row));
      }
    }
  }

  private interface RowTimes {
    LatencyHistogram.@Nullable Sum of(int row);
  }

  private static void times(MetricsWriter text, String name, String help, RowTimes times) {
    text.histogram(name, help);
    for (int row = 0; row < OperationRows.count(); row++) {
      LatencyHistogram.Sum counted = times.of(row);
      if (counted != null) {
        text.sample(counted, labels(row));
      }
    }
  }

  // ---- by export and client -------------------------------------------------------------------

  private static void exports(MetricsWriter text, MeterTotals totals, ExportNames names) {
    Map<String, List<FlowTotals>> byName = new TreeMap<>();
    totals
        .exports()
        .forEach(
            (number, flow) ->
                byName.computeIfAbsent(names.of(number), first -> new ArrayList<>(1)).add(flow));
    Map<String, FlowTotals> exports = new LinkedHashMap<>();
    byName.forEach((name, flows) -> exports.put(name, FlowTotals.together(flows)));
    flows(text, "export", exports);
    text.counter(
        "nfs_proxy_refusals_total",
        "Calls that this proxy refused, by the key that did it and the export, if it is known. A"
            + " burst: a client was set up for something it may not do; the log says who.");
    exports.forEach(
        (name, flow) -> {
          for (Refused why : Refused.values()) {
            if (flow.refusals(why) > 0) {
              text.sample(flow.refusals(why), "export", name, "key", word(why));
            }
          }
        });
  }

  private void rules(MetricsWriter text) {
    text.counter(
        "nfs_proxy_rule_refusals_total",
        "Calls that this proxy refused, by the rule and the key that did it. \"several\": not one rule"
            + " by itself. The log has who it was.");
    for (String rule : sources.refusals.rules()) {
      sources
          .refusals
          .of(rule)
          .forEach((why, count) -> text.sample(count, "rule", rule, "key", word(why)));
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static void clients(MetricsWriter text, MeterTotals totals) {
    flows(text, "client", totals.clients());
  }

  private static void flows(MetricsWriter text, String label, Map<String, FlowTotals> flows) {
    String prefix = "nfs_proxy_" + label;
    String by = "by " + label + " (metrics." + label + "s of them, the rest as \"other\").";
    text.counter(prefix + "_calls_total", "Calls that were answered, " + by);
    flows.forEach((name, flow) -> text.sample(flow.calls(), label, name));
    text.counter(prefix + "_errors_total", "Those whose status is not OK, " + by);
    flows.forEach((name, flow) -> text.sample(flow.errors(), label, name));
    text.counter(prefix + "_received_bytes_total", "Bytes of calls, " + by);
    flows.forEach((name, flow) -> text.sample(flow.bytesIn(), label, name));
    text.counter(prefix + "_sent_bytes_total", "Bytes of replies, " + by);
    flows.forEach((name, flow) -> text.sample(flow.bytesOut(), label, name));
    text.counter(
        prefix + "_origin_seconds_total",
        "Time that calls were at the origin; by the calls: how long one was, " + by);
    flows.forEach((name, flow) -> text.sample(flow.originSeconds(), label, name));
    text.counter(prefix + "_proxy_seconds_total", "Time that calls were in this proxy, " + by);
    flows.forEach((name, flow) -> text.sample(flow.proxySeconds(), label, name));
  }

  private record Key(String client, String export, int row) {}

  private static void pairs(MetricsWriter text, MeterTotals totals, ExportNames names) {
    text.counter(
        "nfs_proxy_client_operations_total",
        "Calls of a client, by export and by what the call is about: who does what where."
            + " metrics.pairs bounds them; the rest is client and export \"other\".");
    Map<Key, Long> counts = new LinkedHashMap<>();
    for (MeterTotals.Pair pair : totals.pairs()) {
      counts.merge(
          new Key(pair.client(), names.of(pair.export()), pair.row()), pair.calls(), Long::sum);
    }
    counts.forEach(
        (key, count) -> {
          OperationRows.Row words = OperationRows.words(key.row);
          text.sample(
              count,
              "client",
              key.client,
              "export",
              key.export,
              "program",
              words.program(),
              "version",
              words.version(),
              "operation",
              words.operation());
        });
  }

  // ---- this instance --------------------------------------------------------------------------

  private static void connections(MetricsWriter text, Meters meters, MeterTotals totals) {
    text.counter("nfs_proxy_connections_accepted_total", "Client connections that were accepted.")
        .sample(totals.count(ConnectionEvent.ACCEPTED));
    text.counter(
            "nfs_proxy_calls_unanswered_total",
            "Calls that had no reply when their connection ended; clients send them again. Many: the"
                + " origin's connections break, or clients are cut off.")
        .sample(totals.count(ConnectionEvent.CALL_LOST));
    text.gauge(
            "nfs_proxy_clients_counted",
            "Client addresses that are counted by themselves. As many as nfs_proxy_clients_max:"
                + " others are counted as \"other\"; raise metrics.clients if they matter.")
        .sample(meters.clients());
    text.gauge("nfs_proxy_clients_max", "The bound of that: metrics.clients.")
        .sample(meters.clientsMax());
    text.histogram(
            "nfs_proxy_event_loop_lag_seconds",
            "How late event loops come to what is due, looked at ten times a second. More than"
                + " milliseconds: the machine lacks CPU, or something blocks a loop.")
        .sample(totals.lag());
  }

  private void instance(MetricsWriter text) {
    text.gauge("nfs_proxy_ready", "1 while clients are accepted; 0 when it drains or stops.")
        .sample(sources.ready.getAsBoolean() ? 1 : 0);
    text.gauge(
            "nfs_proxy_connections", "Client connections now; limits.connectionsMax bounds them.")
        .sample(sources.connections.get());
    text.counter(
        "nfs_proxy_connections_closed_total",
        "Connections of clients and balancers that were closed, those refused among them, by"
            + " reason; the guide to the admin pages says what each means.");
    sources.closes.get().forEach((reason, count) -> text.sample(count, "reason", reason));
    text.gauge(
            "nfs_proxy_calls_in_flight",
            "Calls without a reply now. Growing while calls do not: the origin does not answer.")
        .sample(sources.callsInFlight.get());
    text.gauge(
            "nfs_proxy_record_bytes",
            "Bytes of calls that have begun to arrive or wait; limits.recordMemoryBytesMax bounds"
                + " them.")
        .sample(sources.recordBytesHeld.get());
    text.counter(
        "nfs_proxy_contained_total",
        "How often clients were kept from being led to another server, by kind; see /containment.");
    sources
        .containment
        .get()
        .forEach((kind, count) -> text.sample(((Number) count).longValue(), "kind", kind));
  }

  private static void questions(MetricsWriter text, QuestionTimes.Counted counted) {
    text.counter(
            "nfs_proxy_questions_total",
            "Questions of the proxy's own that the origin was asked: which filesystem a handle is in,"
                + " where a name leads.")
        .sample(counted.asked());
    text.counter(
            "nfs_proxy_questions_failed_total",
            "Those that it said no to, or nothing; STALE and NOENT are everyday.")
        .sample(counted.failed());
    text.counter(
            "nfs_proxy_questions_dropped_total",
            "Questions whose client had left when their turn came.")
        .sample(counted.left());
    text.gauge(
            "nfs_proxy_questions_waiting",
            "Questions whose turn has not come. Many for long: raise limits.questionsMax, or look at"
                + " who asks.")
        .sample(counted.waiting());
    text.gauge("nfs_proxy_questions_under_way", "Questions that the origin has not answered.")
        .sample(counted.underWay());
    text.histogram(
            "nfs_proxy_question_wait_seconds",
            "How long questions waited for their turn; the calls they are about wait meanwhile.")
        .sample(counted.waits());
    text.histogram("nfs_proxy_question_answer_seconds", "How long the origin took to answer.")
        .sample(counted.answers());
  }

  private void exports(MetricsWriter text) {
    List<Export> all = sources.exports.all();
    text.gauge(
        "nfs_proxy_exports",
        "Filesystems of the origin that are known, by state; /exports says why one is not"
            + " connected.");
    for (Export.State state : Export.State.values()) {
      text.sample(
          all.stream().filter(export -> export.state() == state).count(), "state", word(state));
    }
  }

  private void backend(MetricsWriter text) {
    String name = "";
    for (Measure measure : sources.measures.get()) {
      if (!measure.name().equals(name)) {
        name = measure.name();
        String whole = "nfs_proxy_" + name;
        if (measure.isCounter()) {
          text.counter(whole, measure.help());
        } else {
          text.gauge(whole, measure.help());
        }
      }
      text.sample(measure.value(), measure.labels());
    }
  }

  private void cluster(MetricsWriter text) {
    if (sources.cluster == null) {
      return;
    }
    InstanceLink.Report report = sources.cluster.get();
    text.gauge(
            "nfs_proxy_cluster_joined",
            "1 while other instances are there and well; 0: this one goes on alone, /health/cluster"
                + " says why.")
        .sample(report.joined() ? 1 : 0);
    text.gauge("nfs_proxy_cluster_instances", "Instances of this proxy, this one among them.")
        .sample(report.instances().size());
    text.counter("nfs_proxy_cluster_lookups_total", "Questions to the other instances.")
        .sample(report.lookups());
    text.counter(
            "nfs_proxy_cluster_lookups_late_total",
            "Those without an answer in time; the origin is asked instead.")
        .sample(report.lateLookups());
    text.counter(
            "nfs_proxy_cluster_entries_refused_total",
            "What others told in no form of ours. Instances of other versions, or somebody else in"
                + " the cluster.")
        .sample(report.refused());
  }
}
