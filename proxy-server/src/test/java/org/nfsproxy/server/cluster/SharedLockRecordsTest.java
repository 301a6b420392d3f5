package org.nfsproxy.server.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.locks.SharedRecords;

/** What instances share of locks is at two of them when it is written, and never forgotten. */
@Timeout(180)
class SharedLockRecordsTest {
  private static final String ORIGIN = "nfs.example.com:2049";
  private static final int RECORDS = 500;

  private static Map<String, byte[]> records() {
    Map<String, byte[]> all = new HashMap<>();
    for (int i = 0; i < RECORDS; i++) {
      all.put("held|1-a|" + i, new byte[] {(byte) i, (byte) (i >> 8)});
    }
    return all;
  }

  @Test
  void whatIsWritten_isAtTheOtherInstance_alsoWhenTheFirstOneEnds() throws Exception {
    try (Instances instances = new Instances(2)) {
      InstanceLink first = instances.start(0, ORIGIN);
      InstanceLink second = instances.start(1, ORIGIN);
      SharedRecords one = first.lockRecords();
      SharedRecords other = second.lockRecords();
      ProxyUnderTest.await(one.ready());
      ProxyUnderTest.await(other.ready());
      Instances.joined(first, 2);
      Instances.joined(second, 2);
      Map<String, byte[]> all = records();
      ProxyUnderTest.await(one.write(all));
      assertArrayEquals(all.get("held|1-a|7"), ProxyUnderTest.await(other.read("held|1-a|7")));
      assertNull(ProxyUnderTest.await(other.read("held|1-a|no")));
      String firstsName = one.self();
      assertTrue(other.isThere(firstsName));
      ProxyUnderTest.await(first.stop());
      Map<String, byte[]> left = ProxyUnderTest.await(other.readAll());
      assertEquals(all.keySet(), left.keySet());
      all.forEach((key, value) -> assertArrayEquals(value, left.get(key), key));
      Eventually.eventually("the first is gone", () -> !other.isThere(firstsName));
      ProxyUnderTest.await(other.remove(Set.of("held|1-a|7", "held|1-a|8")));
      assertEquals(RECORDS - 2, ProxyUnderTest.await(other.readAll()).size());
    }
  }

  @Test
  void instanceThatIsNoMember_saysSo_andDoesNotWait() throws Exception {
    try (Instances instances = new Instances(1)) {
      InstanceLink link = instances.start(0, ORIGIN);
      SharedRecords records = link.lockRecords();
      ProxyUnderTest.await(records.ready());
      ProxyUnderTest.await(link.stop());
      Eventually.eventually("failed", () -> records.read("term").failed());
      assertFalse(records.write(Map.of("term", new byte[1])).succeeded());
    }
  }
}
