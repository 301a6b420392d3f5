package org.nfsproxy.server.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.cache.ReadsByExport.Row;
import org.nfsproxy.server.call.CallSummary;

class ReadsByExportTest {
  private static final long FIRST = 1L << 32;
  private static final long SECOND = 2L << 32 | 1;

  private final ReadsByExport reads = new ReadsByExport(2);

  private List<Row> rows() {
    return reads.rows(name -> Map.of(FIRST, "/a", SECOND, "/b").getOrDefault(name, "" + name));
  }

  @Test
  void rows_areOfWhatWasCounted_inTheOrderOfNames() {
    reads.of(SECOND).miss(100);
    reads.of(FIRST).hit(7);
    reads.of(FIRST).hit(8);
    reads.of(FIRST).miss(9);
    reads.of(CallSummary.UNKNOWN_EXPORT).hit(1);
    assertEquals(
        List.of(
            new Row("/a", 2, 15, 1, 9),
            new Row("/b", 0, 0, 1, 100),
            new Row("unknown", 1, 1, 0, 0)),
        rows());
  }

  @Test
  void exports_beyondTheBound_andLaterOnesOfAnIndex_areOthers() {
    reads.of(FIRST).hit(1);
    reads.of(7L << 32).hit(10);
    reads.of(8L << 32 | 2).hit(100);
    assertEquals(List.of(new Row("/a", 1, 1, 0, 0), new Row("other", 2, 110, 0, 0)), rows());
    assertEquals(0, new ReadsByExport(0).rows(String::valueOf).size());
  }

  @Test
  void exports_ofOneName_areAddedUp() {
    reads.of(FIRST).hit(1);
    reads.of(SECOND).miss(2);
    assertEquals(List.of(new Row("/same", 1, 1, 1, 2)), reads.rows(name -> "/same"));
  }

  @Test
  void measures_ofOneName_standTogether_andHaveTheExportAsLabel() {
    List<Measure> measures =
        ReadsByExport.measures(List.of(new Row("/a", 1, 2, 3, 4), new Row("/b", 5, 6, 7, 8)));
    assertEquals(8, measures.size());
    assertEquals("cache_export_hits_total", measures.get(0).name());
    assertEquals(Map.of("export", "/a"), measures.get(0).labels());
    assertEquals("cache_export_hits_total", measures.get(1).name());
    assertEquals(5, measures.get(1).value());
    assertEquals("cache_export_miss_bytes_total", measures.get(7).name());
    assertEquals(8, measures.get(7).value());
  }
}
