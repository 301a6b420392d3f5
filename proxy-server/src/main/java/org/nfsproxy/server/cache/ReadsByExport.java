package org.nfsproxy.server.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.call.CallSummary;

/** What READs came to that the cache has to do with, by export. For all threads. */
// An export has an index, which another gets when there are more than are kept, and a number that
// none gets again. As where all calls are counted, who has an index first keeps its place; a later
// one of that index, and those beyond the bound, are counted together.
public final class ReadsByExport {
  private final ExportReads unknown = new ExportReads("unknown");
  private final ExportReads other = new ExportReads("other");
  private final AtomicReferenceArray<ExportReads> reads;

  /**
   * What one export's READs came to.
   *
   * @param export what it is called
   * @param hits those answered with data that were here
   * @param hitBytes bytes that the origin did not have to send
   * @param misses those answered with data that the origin sent
   * @param missBytes bytes that it sent for them
   */
  public record Row(String export, long hits, long hitBytes, long misses, long missBytes) {
    Row and(Row more) {
      return new Row(
          export,
          hits + more.hits,
          hitBytes + more.hitBytes,
          misses + more.misses,
          missBytes + more.missBytes);
    }
  }

  /**
   * Nothing is counted yet.
   *
   * @param exportsMax exports that are counted by themselves
   */
  public ReadsByExport(int exportsMax) {
    this.reads = new AtomicReferenceArray<>(exportsMax);
  }

  /** Where READs of an export are counted; by its number, or what a call is counted with. */
  ExportReads of(long number) {
    if (number == CallSummary.UNKNOWN_EXPORT) {
      return unknown;
    }
    int index = (int) number;
    if (index < 0 || index >= reads.length()) {
      return other;
    }
    ExportReads there = reads.getAcquire(index);
    if (there == null) {
      ExportReads begun = new ExportReads(number);
      ExportReads before = reads.compareAndExchange(index, null, begun);
      there = before == null ? begun : before;
    }
    return there.isOf(number) ? there : other;
  }

  /**
   * What was counted.
   *
   * @param names what an export is called, by its number or by a word for what is none; those of
   *     one name are added up
   * @return in the order of names; none that nothing was counted of
   */
  public List<Row> rows(Function<Object, String> names) {
    List<ExportReads> all = new ArrayList<>(List.of(unknown, other));
    for (int i = 0; i < reads.length(); i++) {
      ExportReads there = reads.getAcquire(i);
      if (there != null) {
        all.add(there);
      }
    }
    Map<String, Row> rows = new TreeMap<>();
    for (ExportReads each : all) {
      Row row =
          new Row(
              names.apply(each.name),
              each.hits.sum(),
              each.hitBytes.sum(),
              each.misses.sum(),
              each.missBytes.sum());
      if (row.hits + row.misses > 0) {
        rows.merge(row.export, row, Row::and);
      }
    }
    return List.copyOf(rows.values());
  }

  /**
   * The same as numbers.
   *
   * @param rows as {@link #rows} has them
   */
  public static List<Measure> measures(List<Row> rows) {
    List<Measure> measures = new ArrayList<>(4 * rows.size());
    add(measures, rows, "hits", "READs answered with data that were here", Row::hits);
    add(measures, rows, "hit_bytes", "Bytes that the origin did not have to send", Row::hitBytes);
    add(measures, rows, "misses", "READs answered with data that the origin sent", Row::misses);
    add(measures, rows, "miss_bytes", "Bytes that it sent for them", Row::missBytes);
    return measures;
  }

  private static void add(
      List<Measure> measures, List<Row> rows, String what, String help, Function<Row, Long> value) {
    String name = "cache_export_" + what + "_total";
    String by = help + ", by export (metrics.exports of them, the rest as \"other\").";
    for (Row row : rows) {
      measures.add(new Measure(name, by, Map.of("export", row.export), value.apply(row)));
    }
  }
}
