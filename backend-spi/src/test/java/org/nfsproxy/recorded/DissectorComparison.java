package org.nfsproxy.recorded;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.recorded.Recording.Recorded;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Reply;

/**
 * What a walk found beside what a recording tells, as a list of differences.
 *
 * @param record the record
 * @param where what to call it
 * @param differences takes them
 */
// A recording says with "until" where the other program lost its way; behind that nothing is
// compared, but that the walk reaches the record's end.
record DissectorComparison(Recorded record, String where, List<String> differences) {
  /** layout_types: tshark 4.0 does not know it, and reads none behind it. */
  private static final int LAYOUT_TYPES = 64;

  void call(WalkedRecord walked) {
    compare("form", Call.Form.CALL, walked.form);
    if (!walked.rows.isEmpty()) {
      compare("minor version", record.number("minor"), walked.minor);
      both(walked);
      compare("names", namesTold(walked), until(walked.names));
    }
  }

  void reply(WalkedRecord walked) {
    boolean hasResults = record.number("denied") == 0 && record.number("accepted") == 0;
    compare("form", hasResults ? Reply.Form.RESULTS : Reply.Form.NO_RESULTS, walked.form);
    if (!walked.rows.isEmpty()) {
      compare("status", record.number("status"), walked.status);
      both(walked);
      compare("names", record.list("names"), until(walked.names));
      compare("ends of entries", ends(record.list("entries")), ends(until(walked.entries)));
      compare("attributes of NFSv3", record.list("fattr3"), walked.fattr3);
      compare("attributes", record.list("attributes"), attributesTold(walked));
    }
  }

  private void both(WalkedRecord walked) {
    if (walked.outcome != Outcome.UNKNOWN_OPERATION) {
      compare("outcome", Outcome.WHOLE, walked.outcome);
    }
    compare("end", record.message().writerIndex(), walked.end);
    compare("handles", record.list("handles"), until(walked.handles));
    List<Object> told = record.list("operations");
    List<List<Object>> found = until(walked.operations);
    compare("number of operations", told.size(), found.size());
    for (int i = 0; i < Math.min(told.size(), found.size()); i++) {
      operation(i, (List<?>) told.get(i), found.get(i), walked.operationName(i));
    }
  }

  // Where, number, name, and in replies the status, if the other program reads these results at
  // all.
  private void operation(int i, List<?> told, List<Object> found, String name) {
    compare("place of operation " + i, told.get(0), found.get(0));
    compare("number of operation " + i, told.get(1), found.get(1));
    if (name != null) {
      compare("name of operation " + i, told.get(2), name);
    }
    if (told.size() > 3) {
      compare("status of operation " + i, told.get(3), found.get(2));
    }
  }

  private static int at(Object place) {
    return (int) ((List<?>) place).get(0);
  }

  private List<List<Object>> until(List<List<Object>> places) {
    int until = (int) record.told().getInteger("until", Integer.MAX_VALUE);
    return places.stream().filter(place -> at(place) < until).toList();
  }

  private static List<List<Object>> attributesTold(WalkedRecord walked) {
    List<List<Object>> told = new ArrayList<>();
    int before = 0;
    boolean isTold = true;
    for (List<Object> attribute : walked.attributes) {
      int number = (int) attribute.get(0);
      isTold = (isTold || number <= before) && number != LAYOUT_TYPES;
      if (isTold) {
        told.add(attribute);
      }
      before = number;
    }
    return told;
  }

  // Whether an entry begins before the word that says that there is one, or behind it, is a matter
  // of taste.
  private static List<Integer> ends(List<?> places) {
    return places.stream().map(place -> at(place) + (int) ((List<?>) place).get(1)).toList();
  }

  // The walk over a COMPOUND tells the first name of an operation.
  private List<Object> namesTold(WalkedRecord walked) {
    if (walked.operations.isEmpty()) {
      return record.list("names");
    }
    Set<Long> met = new HashSet<>();
    List<Object> first = new ArrayList<>();
    for (Object name : record.list("names")) {
      if (met.add(walked.operations.stream().filter(each -> at(each) < at(name)).count())) {
        first.add(name);
      }
    }
    return first;
  }

  private void compare(String what, Object told, Object walked) {
    if (!told.equals(walked)) {
      differences.add(
          "%s, %s: told %s, walked %s; %s".formatted(where, what, told, walked, record.told()));
    }
  }
}
