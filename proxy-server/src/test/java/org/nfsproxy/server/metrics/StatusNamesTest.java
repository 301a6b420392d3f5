package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusNamesTest {
  // RFC 1813 section 2.6; RFC 8881 section 15.1; RFC 7862 section 11.1; RFC 8276 section 8.5.
  @ParameterizedTest
  @CsvSource({
    "0, OK",
    "1, PERM",
    "2, NOENT",
    "13, ACCESS",
    "22, INVAL",
    "30, ROFS",
    "63, NAMETOOLONG",
    "66, NOTEMPTY",
    "69, DQUOT",
    "70, STALE",
    "10001, BADHANDLE",
    "10004, NOTSUPP",
    "10006, SERVERFAULT",
    "10008, DELAY",
    "10013, GRACE",
    "10016, WRONGSEC",
    "10018, RESOURCE",
    "10019, MOVED",
    "10021, MINOR_VERS_MISMATCH",
    "10026, BAD_SEQID",
    "10036, BADXDR",
    "10044, OP_ILLEGAL",
    "10052, BADSESSION",
    "10059, LAYOUTUNAVAILABLE",
    "10063, SEQ_MISORDERED",
    "10070, TOO_MANY_OPS",
    "10078, DEADSESSION",
    "10082, WRONG_CRED",
    "10091, OFFLOAD_DENIED",
    "10095, NOXATTR",
    "10096, XATTR2BIG",
    "10097, other",
    "10000, other",
    "3, other",
    "-1, other",
    "2147483647, other"
  })
  void status_hasItsName(int status, String name) {
    assertEquals(name, StatusNames.name(StatusNames.of(status)));
  }

  @Test
  void names_areAllDifferent() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < StatusNames.count(); i++) {
      names.add(StatusNames.name(i));
    }
    assertEquals(StatusNames.count(), names.size());
  }

  @ParameterizedTest
  @CsvSource({"1, PROG_UNAVAIL", "4, GARBAGE_ARGS", "5, SYSTEM_ERR", "6, other", "-1, other"})
  void acceptStatus_hasItsName(int status, String name) {
    assertEquals(name, StatusNames.name(StatusNames.ofAccept(status)));
  }
}
