package org.nfsproxy.server.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.ProxyUnderTest.await;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.cluster.InstanceLink;
import org.nfsproxy.server.cluster.Instances;
import org.nfsproxy.server.exports.Export.State;
import org.nfsproxy.server.exports.FakeBackend.Filesystem;
import org.nfsproxy.server.exports.FakeBackend.Node;

/** Two instances before one origin, which counts what it is asked. */
class SharedExportsTest {
  private static final ExportsSettings SETTINGS = new ExportsSettings(1000, 10_000, 3_600_000);

  private final FakeBackend origin = new FakeBackend();
  private Instances instances;
  private Node export;
  private Node nested;
  private Node file;

  @BeforeEach
  void build() throws Exception {
    instances = new Instances(2);
    export = origin.mount(origin.root, "export", Filesystem.of(1), 2);
    nested = origin.mount(origin.directory(export, "deep"), "nested", Filesystem.of(2), 2);
    file = origin.file(nested, "file");
    origin.listed.add("/export");
  }

  @AfterEach
  void stop() throws Exception {
    instances.close();
  }

  private Exports exports(InstanceLink link, List<String> rulePaths) {
    return new Exports(instances.vertx(), origin, SETTINGS, () -> rulePaths, link.peers());
  }

  private static Set<String> paths(Exports exports) {
    Set<String> paths = new TreeSet<>();
    exports.all().forEach(each -> paths.addAll(each.paths()));
    exports.told().forEach(each -> paths.add(each.path()));
    return paths;
  }

  /** The first instance: it looks at the list, and a client of it goes into the nested one. */
  private Exports first() throws Exception {
    InstanceLink link = instances.start(0, "origin");
    Instances.joined(link, 1);
    Exports exports = exports(link, List.of());
    await(exports.start());
    assertEquals("/export/deep/nested", await(exports.resolve(nested.handle, 4)).path());
    return exports;
  }

  @Test
  void instanceThatJoins_knowsTheExportsAndAsksTheOriginNothing() throws Exception {
    Exports first = first();
    int asked = origin.asked();
    InstanceLink link = instances.start(1, "origin");
    Exports second = exports(link, List.of());
    await(second.start());
    assertEquals(Set.of("/", "/export", "/export/deep/nested"), paths(first));
    eventually("the same exports", () -> paths(second).equals(paths(first)));
    assertEquals(asked, origin.asked());
    first.close();
    second.close();
  }

  @Test
  void instanceWithRulesForPaths_asksTheOriginItself() throws Exception {
    Exports first = first();
    int asked = origin.asked();
    InstanceLink link = instances.start(1, "origin");
    Instances.joined(link, 2);
    Exports second = exports(link, List.of("/export"));
    await(second.start());
    assertTrue(origin.asked() > asked);
    assertEquals(State.CONNECTED, second.at("/export").state());
    first.close();
    second.close();
  }

  // Alone, it would be an export without a place, under the strictest of all rules.
  @Test
  void fileOfAFilesystemNeverMet_hasAPlaceFromWhatOthersToldAndTheOriginConfirmed()
      throws Exception {
    Exports first = first();
    InstanceLink link = instances.start(1, "origin");
    Exports second = exports(link, List.of());
    await(second.start());
    eventually("what was told", () -> second.told().size() == 2);
    int climbed = origin.asked("nameOf");
    for (int nfsVersion : new int[] {3, 4}) {
      Export at = await(second.resolve(file.handle, nfsVersion));
      assertEquals("/export/deep/nested", at.path());
      assertEquals(State.CONNECTED, at.state());
    }
    assertEquals(climbed, origin.asked("nameOf"));
    first.close();
    second.close();
  }

  @Test
  void instanceOfAnotherOrigin_hearsNothing() throws Exception {
    Exports first = first();
    InstanceLink link = instances.start(1, "another origin");
    Instances.joined(link, 2);
    Exports second = exports(link, List.of());
    assertEquals(List.of(), second.told());
    assertEquals(0, link.report().get().exportsHeard());
    assertEquals(0, link.report().get().refused());
    first.close();
    second.close();
  }

  @Test
  void exportThatIsGone_isWithdrawn() throws Exception {
    Exports first = first();
    InstanceLink link = instances.start(1, "origin");
    Exports second = exports(link, List.of());
    eventually("what was told", () -> second.told().size() == 2);
    origin.destroy(nested);
    await(first.refresh());
    eventually("one told", () -> second.told().size() == 1);
    first.close();
    second.close();
  }

  @Test
  void instanceThatIsGone_hasLeftWhatItFound() throws Exception {
    InstanceLink one = instances.start(0, "origin");
    Instances.joined(one, 1);
    Exports first = exports(one, List.of());
    await(first.start());
    InstanceLink two = instances.start(1, "origin");
    Instances.joined(two, 2);
    Exports second = exports(two, List.of());
    eventually("what was told", () -> second.told().size() == 1);
    first.close();
    await(one.stop());
    eventually("it is seen", () -> two.report().get().instances().size() == 1);
    assertEquals("/export", second.told().get(0).path());
    second.close();
  }
}
