package org.nfsproxy.server.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.call.CallNote;
import org.nfsproxy.server.call.NotedObject;
import org.nfsproxy.server.call.NotedOperation;
import org.nfsproxy.server.metrics.NotedCall;

class AuditQueueTest {
  private static final int KILOBYTE = 1024;

  private static NotedCall call(int client, int nameBytes) throws UnknownHostException {
    InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) client});
    CallNote note = new CallNote(1, "nfs", "3", "sys", 0, 0, false);
    NotedObject object = new NotedObject(null, List.of(new byte[nameBytes]), false);
    note.add(new NotedOperation(0, "REMOVE", true, List.of(object), null));
    return new NotedCall(0, address, 1, note, 0, 100, "OK", -1, true, 1, 1);
  }

  @Test
  void oneClient_hasHalfOfThePlaces_andOthersTheRest() throws Exception {
    AuditQueue queue = new AuditQueue(10, 1 << 20);
    int taken = 0;
    for (int i = 0; i < 100; i++) {
      taken += queue.add(call(1, 1)) ? 1 : 0;
    }
    assertEquals(5, taken);
    for (int i = 2; i < 7; i++) {
      assertTrue(queue.add(call(i, 1)));
    }
    assertFalse(queue.add(call(7, 1)));
  }

  @Test
  void longNames_countByTheirMemory() throws Exception {
    AuditQueue queue = new AuditQueue(1000, 64 * KILOBYTE);
    int taken = 0;
    for (int i = 0; i < 100; i++) {
      taken += queue.add(call(1, KILOBYTE)) ? 1 : 0;
    }
    assertTrue(taken > 10 && taken <= 32, "" + taken);
    assertTrue(queue.add(call(2, KILOBYTE)));
  }

  @Test
  void whatIsTaken_leavesRoom_inTheOrderInWhichItCame() throws Exception {
    AuditQueue queue = new AuditQueue(4, 1 << 20);
    for (int round = 0; round < 1000; round++) {
      NotedCall one = call(1, 10);
      NotedCall other = call(2, 20);
      assertTrue(queue.add(one));
      assertTrue(queue.add(other));
      assertSame(one, queue.poll());
      assertSame(other, queue.poll());
      assertNull(queue.poll());
    }
  }

  @Test
  void manyThreads_addNoMoreThanThereIsRoomFor_andNothingIsLost() throws Exception {
    AuditQueue queue = new AuditQueue(1000, 1 << 30);
    int[] taken = new int[4];
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < taken.length; i++) {
      int number = i;
      NotedCall call = call(number, 1);
      Thread thread =
          new Thread(
              () -> {
                for (int n = 0; n < 50_000; n++) {
                  taken[number] += queue.add(call) ? 1 : 0;
                }
              });
      threads.add(thread);
      thread.start();
    }
    int polled = 0;
    int waiting = 0;
    while (threads.stream().anyMatch(Thread::isAlive)) {
      polled += queue.poll() == null ? 0 : 1;
    }
    while (queue.poll() != null) {
      waiting++;
    }
    assertTrue(waiting <= 1000, "" + waiting);
    assertEquals(taken[0] + taken[1] + taken[2] + taken[3], polled + waiting);
    assertTrue(queue.add(call(9, 1)));
    assertNotNull(queue.poll());
  }
}
