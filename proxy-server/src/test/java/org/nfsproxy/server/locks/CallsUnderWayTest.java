package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.locks.listen.LockCaller;

/** No datagram takes the room of a call by TCP. */
class CallsUnderWayTest {
  private static final int RECORD_BYTES = 100;
  private static final int COST = 512 + 3 * RECORD_BYTES;

  private static LockCaller tcp(int client) throws Exception {
    return new LockCaller(address(client), null, true);
  }

  private static LockCaller datagram(int client) throws Exception {
    return new LockCaller(address(client), null, false);
  }

  private static InetAddress address(int client) throws Exception {
    return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) client});
  }

  @Test
  void datagramsOfAClient_areCountedForThemselves() throws Exception {
    CallsUnderWay calls = new CallsUnderWay(2, 1 << 20);
    assertTrue(calls.begin(datagram(1), RECORD_BYTES));
    assertTrue(calls.begin(datagram(1), RECORD_BYTES));
    assertFalse(calls.begin(datagram(1), RECORD_BYTES));
    assertTrue(calls.begin(tcp(1), RECORD_BYTES));
    assertTrue(calls.begin(tcp(1), RECORD_BYTES));
    assertFalse(calls.begin(tcp(1), RECORD_BYTES));
    calls.end(datagram(1), RECORD_BYTES);
    assertFalse(calls.begin(tcp(1), RECORD_BYTES));
    assertTrue(calls.begin(datagram(1), RECORD_BYTES));
  }

  @Test
  void datagramsInManyNames_leaveHalfOfTheBytes() throws Exception {
    CallsUnderWay calls = new CallsUnderWay(100, 8 * COST);
    for (int client = 0; client < 4; client++) {
      assertTrue(calls.begin(datagram(client), RECORD_BYTES));
    }
    assertFalse(calls.begin(datagram(9), RECORD_BYTES));
    for (int i = 0; i < 4; i++) {
      assertTrue(calls.begin(tcp(1), RECORD_BYTES));
    }
    assertFalse(calls.begin(tcp(1), RECORD_BYTES));
    calls.end(datagram(0), RECORD_BYTES);
    assertTrue(calls.begin(datagram(9), RECORD_BYTES));
  }
}
