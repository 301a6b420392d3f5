package org.nfsproxy.server.cache.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;

/** What a home answers. */
class HomeTest {
  private static final FileKey FILE = Told.file(1);
  private static final FileVersion V1 = Told.version(1);
  private static final FileVersion V2 = Told.version(2);
  private static final long WAIT = TimeUnit.SECONDS.toNanos(2);

  private static final NeighbourBounds BOUNDS =
      new NeighbourBounds(20_000_000, WAIT, 4, 1 << 18, 1 << 24, 256);

  private final FakeShelf shelf = new FakeShelf();
  private long now;
  private final Home home = new Home(shelf, BOUNDS, () -> now, Runnable::run);

  /** An instance, and what it was told. */
  private final class Instance {
    final String name;
    final List<String> told = new ArrayList<>();

    Instance(String name) {
      this.name = name;
    }

    String ask(FileVersion known, long from, long to) {
      home.ask(Told.ask(FILE, known, from, to), new One(this));
      return said();
    }

    String ask(long from, long to) {
      home.ask(Told.ask(FILE, from, to), new One(this));
      return said();
    }

    String said() {
      String all = String.join(" ", told);
      told.clear();
      return all;
    }
  }

  private record One(Instance by) implements Home.Asker {
    @Override
    public Object member() {
      return by;
    }

    @Override
    public void coming(FileVersion version, long to, boolean isHere) {
      by.told.add((isHere ? "here" : "coming") + "(" + name(version) + "," + to + ")");
    }

    @Override
    public void fetch(boolean isGranted) {
      by.told.add(isGranted ? "yours" : "fetch");
    }

    @Override
    public void bring(FileVersion version, long from, long to) {
      by.told.add("bring(" + name(version) + "," + from + "," + to + ")");
    }

    @Override
    public void none() {
      by.told.add("none");
    }
  }

  private static String name(FileVersion version) {
    return "v" + (version.changed() - 1000);
  }

  private final Instance a = new Instance("a");
  private final Instance b = new Instance("b");
  private final Instance c = new Instance("c");

  private void put(FileVersion version, long from, long to) {
    shelf.put(FILE, version, from, to);
    home.arrived(FILE, version, from, to);
  }

  @Test
  void here_isBroughtAtOnce_asFarAsTheFileGoes() {
    FileVersion small = Told.version(1, 150);
    put(small, 0, 100);
    put(small, 100, 150);
    assertEquals("here(v1,120) bring(v1,50,120)", a.ask(50, 120));
    assertEquals("here(v1,150) bring(v1,50,150)", a.ask(50, 1000));
    assertEquals("fetch", a.ask(150, 200));
  }

  @Test
  void comesFromDisk_isWaitedFor_andBrought() {
    put(V1, 0, 100);
    shelf.isComing = true;
    assertEquals("coming(v1,200)", a.ask(V1, 100, 200));
    assertEquals("coming(v1,300)", b.ask(V1, 200, 300));
    assertEquals(List.of(a, b), shelf.askers, "what an instance asks of the disk counts for it");
    shelf.put(FILE, V1, 100, 200);
    home.tick();
    assertEquals("bring(v1,100,200)", a.said());
    shelf.cameByItself();
    assertEquals("", a.said());
    assertEquals("none", b.said());
    assertEquals(0, home.waiting());
  }

  @Test
  void nobodyHasIt_oneFetches_othersWaitForWhatItPuts() {
    assertEquals("yours", a.ask(V1, 0, 300));
    assertEquals("coming(v1,300)", b.ask(V1, 0, 300));
    assertEquals("coming(v1,200)", c.ask(100, 200));
    put(V1, 0, 100);
    assertEquals("", b.said() + c.said());
    put(V1, 100, 200);
    assertEquals("", b.said());
    assertEquals("bring(v1,100,200)", c.said());
    put(V1, 200, 300);
    assertEquals("bring(v1,0,300)", b.said());
    assertEquals("", a.said());
    assertEquals(0, home.waiting() + home.fetching());
  }

  @Test
  void partIsHere_restIsFetched_comes() {
    put(V1, 0, 100);
    assertEquals("yours", a.ask(V1, 100, 200));
    assertEquals("coming(v1,200)", b.ask(V1, 0, 200));
    assertEquals("yours", c.ask(V1, 0, 300));
  }

  @Test
  void whoseDataWouldNotBeProven_fetchesForNobody() {
    assertEquals("fetch", a.ask(0, 100));
    assertEquals("yours", b.ask(V1, 0, 100));
  }

  @Test
  void fetcherLeaves_thoseWhoWaitAreTold_andOneOfThemFetches() {
    a.ask(V1, 0, 100);
    b.ask(V1, 0, 100);
    c.ask(V1, 0, 100);
    b.said();
    c.said();
    home.left(a);
    assertEquals("none", b.said());
    assertEquals("none", c.said());
    assertEquals("yours", b.ask(V1, 0, 100));
    assertEquals("coming(v1,100)", c.ask(V1, 0, 100));
  }

  @Test
  void whoWaits_leaves_isToldNothing() {
    a.ask(V1, 0, 100);
    b.ask(V1, 0, 100);
    b.said();
    home.left(b);
    put(V1, 0, 100);
    assertEquals("", b.said());
    assertEquals(0, home.waiting());
  }

  @Test
  void fetcherGivesUp_thoseWhoWaitAreTold() {
    a.ask(V1, 0, 100);
    b.ask(V1, 0, 100);
    b.said();
    home.givenUp(a, FILE, 0, 100);
    assertEquals("none", b.said());
  }

  @Test
  void fetcherPutsAnotherVersion_thoseWhoWaitAreTold() {
    a.ask(V1, 0, 100);
    b.ask(V1, 0, 100);
    b.said();
    put(V2, 0, 100);
    assertEquals("none", b.said());
    assertEquals("here(v2,100) bring(v2,0,100)", b.ask(V1, 0, 100));
  }

  @Test
  void memoryIsFull_whatArrivedIsNotThere_thoseWhoWaitAreTold() {
    a.ask(V1, 0, 100);
    b.ask(V1, 0, 100);
    b.said();
    shelf.isFull = true;
    put(V1, 0, 100);
    assertEquals("none", b.said());
  }

  @Test
  void fetcherTakesTooLong_thoseWhoWaitAreTold_atTheirTime() {
    a.ask(V1, 0, 100);
    now = WAIT / 2;
    b.ask(V1, 0, 100);
    b.said();
    now = WAIT - 1;
    home.tick();
    assertEquals("", b.said());
    now = WAIT;
    home.tick();
    assertEquals("none", b.said());
    assertEquals("yours", b.ask(V1, 0, 100));
  }

  @Test
  void versionHere_isOlderThanWhatTheOriginTold_isNotSent() {
    put(V1, 0, 100);
    assertEquals("yours", a.ask(V2, 0, 100));
    assertEquals("coming(v2,100)", b.ask(V2, 0, 100));
  }

  @Test
  void versionFetched_isOlderThanWhatTheOriginTold_isNotWaitedFor() {
    a.ask(V1, 0, 100);
    assertEquals("yours", b.ask(V2, 0, 100));
    assertEquals("coming(v2,100)", c.ask(V1, 0, 100));
  }

  @Test
  void instance_waitsWithSoManyQuestions_andNoMore() {
    a.ask(V1, 0, 100);
    for (int i = 0; i < 4; i++) {
      assertEquals("coming(v1,100)", b.ask(V1, 0, 100));
    }
    assertEquals("fetch", b.ask(V1, 0, 100));
    assertEquals("coming(v1,100)", c.ask(V1, 0, 100));
  }
}
