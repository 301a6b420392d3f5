package org.nfsproxy.backend.coordinated.agreement;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.backend.Fleet;

class AgreementTest {
  private static final int ID = 1;
  private static final String TOPIC = "coordinated-fs.filesystem." + ID;

  private final FakeFleet fleet = new FakeFleet();
  private final Map<String, Boolean> disputed = new HashMap<>();

  private static FilesystemTraits disk(int number) {
    return new FilesystemTraits(
        "/mnt/a", new byte[] {1, 2}, "ext4", new byte[] {(byte) number}, number, number);
  }

  private void join(String name, FilesystemTraits evidence) {
    disputed.put(name, false);
    Agreement.over(fleet.join(name), ID, evidence, now -> disputed.put(name, now));
  }

  private boolean serves(String name) {
    return !disputed.get(name);
  }

  private void assertServing(String... names) {
    for (String name : disputed.keySet()) {
      assertEquals(List.of(names).contains(name), serves(name), name);
    }
  }

  // A cluster tells on threads of its own. If an instance held a lock while it speaks, two of its
  // filesystems, each of which speaks and is told what the other says, would wait for each other.
  @Test
  @Timeout(30)
  void instance_isToldOnAnotherThreadWhileItSpeaks_doesNotMakeItWait() throws Exception {
    Fleet inner = fleet.join("a");
    List<Runnable> listeners = new ArrayList<>();
    ExecutorService events = Executors.newSingleThreadExecutor();
    Fleet told =
        new Fleet() {
          @Override
          public String instance() {
            return inner.instance();
          }

          @Override
          public void say(String topic, byte[] statement) {
            inner.say(topic, statement);
            for (Runnable listener : listeners) {
              Future<?> heard = events.submit(listener);
              assertDoesNotThrow(() -> heard.get(10, TimeUnit.SECONDS));
            }
          }

          @Override
          public Map<String, byte[]> heard(String topic) {
            return inner.heard(topic);
          }

          @Override
          public void onChange(String topic, Runnable listener) {
            listeners.add(listener);
            inner.onChange(topic, listener);
          }
        };
    Agreement.over(told, ID, disk(1), now -> disputed.put("a", now));
    fleet.join("y").say(TOPIC, new MemberStatement(true, 1, disk(2)).bytes());
    fleet.join("z").say(TOPIC, new MemberStatement(true, 1, disk(2)).bytes());
    assertEquals(true, disputed.get("a"));
    fleet.leave("y");
    fleet.leave("z");
    assertEquals(false, disputed.get("a"));
    events.shutdown();
  }

  @Test
  void one_alone_servesWhatItHas() {
    join("b", disk(1));
    assertServing("b");
  }

  @Test
  void third_withAnotherDisk_isRefused_andTheTwoGoOn() {
    join("y", disk(1));
    join("z", disk(1));
    join("a", disk(2));
    assertServing("y", "z");
  }

  @Test
  void second_withAnotherDisk_isRefused_andTheFirstGoesOn() {
    join("z", disk(1));
    join("a", disk(2));
    assertServing("z");
  }

  @Test
  void two_lateWithAnotherDisk_doNotOutvoteTheOneThatServes() {
    join("z", disk(1));
    join("a", disk(2));
    join("b", disk(2));
    assertServing("z");
  }

  @Test
  void refused_servesWhenTheOthersAreGone_andTheyAreRefusedWhenTheyComeBack() {
    join("y", disk(1));
    join("z", disk(1));
    join("a", disk(2));
    fleet.leave("y");
    assertEquals(false, serves("a"));
    fleet.leave("z");
    assertEquals(true, serves("a"));
    join("z", disk(1));
    assertEquals(true, serves("a"));
    assertEquals(false, serves("z"));
  }

  @Test
  void halves_thatBothServed_endWithTheLargerOne() {
    FakeFleet other = new FakeFleet();
    Map<String, Boolean> there = new HashMap<>();
    Agreement.over(other.join("a"), ID, disk(2), now -> there.put("a", now));
    join("y", disk(1));
    join("z", disk(1));
    assertServing("y", "z");
    fleet.join("a").say(TOPIC, other.join("x").heard(TOPIC).get("a"));
    assertServing("y", "z");
    fleet.join("b").say(TOPIC, new MemberStatement(true, 1, disk(2)).bytes());
    fleet.join("c").say(TOPIC, new MemberStatement(true, 1, disk(2)).bytes());
    assertServing();
  }

  @Test
  void anotherPathOrKindOrRoot_isAnotherFilesystem_andWhatOneDoesNotKnowIsNot() {
    FilesystemTraits mine = disk(1);
    assertEquals(List.of(), mine.differences(disk(1)));
    assertEquals(
        List.of("UUID 01 here, 02 there", "fsid 1 here, 2 there", "root made at 1 here, 2 there"),
        mine.differences(disk(2)));
    FilesystemTraits unknown =
        new FilesystemTraits("/mnt/a", new byte[] {1, 2}, "ext4", new byte[0], 0, 0);
    assertEquals(List.of(), mine.differences(unknown));
    FilesystemTraits moved =
        new FilesystemTraits("/mnt/b", new byte[] {9}, "xfs", new byte[0], 0, 0);
    assertEquals(
        List.of(
            "path /mnt/a here, /mnt/b there",
            "kind ext4 here, xfs there",
            "root handle 0102 here, 09 there"),
        mine.differences(moved));
  }

  @Test
  void statement_thatIsGarbled_stopsNobody() {
    join("z", disk(1));
    byte[] whole = new MemberStatement(true, 1, disk(2)).bytes();
    for (int length = 0; length < whole.length; length++) {
      fleet.join("a").say(TOPIC, java.util.Arrays.copyOf(whole, length));
      assertServing("z");
    }
    fleet.join("a").say(TOPIC, java.util.Arrays.copyOf(whole, whole.length + 4));
    assertServing("z");
  }

  @Test
  void statement_isReadAsItWasSaid() {
    MemberStatement read =
        MemberStatement.read(new MemberStatement(true, 77, disk(3)).bytes()).orElseThrow();
    assertEquals(true, read.serves());
    assertEquals(77, read.sinceMillis());
    assertEquals(List.of(), read.evidence().differences(disk(3)));
  }
}
