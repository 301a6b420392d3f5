package org.nfsproxy.recorded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.recorded.Recording.Recorded;

// The tables against another hand: what went between Linux's and Ganesha's servers and their
// clients is walked, and what is found is compared with what tshark found in the same bytes, place
// by place. A row that is wrong puts whatever stands behind it elsewhere.
//
// .ci/lab/recorded.sh makes the recordings anew.
class RecordingsTest {
  static List<Recording> recordings() {
    return Recording.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recordings")
  void walks_findWhatAnotherProgramFinds(Recording recording) {
    List<String> differences = new ArrayList<>();
    Map<Integer, Procedure> called = new HashMap<>();
    for (int i = 0; i < recording.records().size(); i++) {
      Recorded record = recording.records().get(i);
      DissectorComparison compared =
          new DissectorComparison(record, "record " + (i + 1), differences);
      if (record.isCall()) {
        called.put(record.number("xid"), WalkedRecord.procedure(record));
        compared.call(WalkedRecord.call(record.message()));
      } else {
        Procedure row = called.get(record.number("xid"));
        compared.reply(WalkedRecord.reply(record.message(), row));
      }
    }
    assertEquals(List.of(), differences);
  }

  private static Set<String> labels(boolean succeeded) {
    Set<String> labels = new TreeSet<>();
    for (Recording recording : recordings()) {
      Map<Integer, Procedure> called = new HashMap<>();
      for (Recorded record : recording.records()) {
        if (record.isCall()) {
          called.put(record.number("xid"), WalkedRecord.procedure(record));
          if (!succeeded) {
            WalkedRecord.call(record.message()).rows.forEach(row -> labels.add(row.label()));
          }
        } else if (succeeded) {
          Procedure row = called.get(record.number("xid"));
          labels.addAll(WalkedRecord.reply(record.message(), row).succeeded());
        }
      }
    }
    return labels;
  }

  @Test
  void everyRow_hasACallThatIsRecorded() {
    Set<String> missing = EveryRow.labels();
    missing.removeAll(labels(false));
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyRow_hasSuccessfulResultsThatAreRecorded_orAReason() {
    Set<String> missing = EveryRow.labels();
    missing.removeAll(labels(true));
    missing.removeIf(EveryRow::isNotSuccessful);
    assertEquals(Set.of(), missing);
  }
}
