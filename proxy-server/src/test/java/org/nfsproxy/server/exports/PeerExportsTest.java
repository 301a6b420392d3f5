package org.nfsproxy.server.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.nfsproxy.server.fakes.ProxyUnderTest.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.exports.Export.State;
import org.nfsproxy.server.exports.FakeBackend.Filesystem;
import org.nfsproxy.server.exports.FakeBackend.Node;

/** What a stranger says decides nothing: an export has the place the origin shows, or none. */
class PeerExportsTest {
  private static final int NFS_DIRECTORY = 2;

  private final Vertx vertx = Vertx.vertx();
  private final FakeBackend origin = new FakeBackend();
  private final Said said = new Said();
  private Node open;
  private Node secret;
  private Node inSecret;
  private Node file;
  private Exports exports;

  /** Whatever a test lets others say; and what this instance told. */
  private static final class Said implements PeerExports {
    final Map<VersionedFsid, PeerExport> words = new HashMap<>();
    final List<PeerExport> told = new ArrayList<>();
    final AtomicInteger asked = new AtomicInteger();
    boolean first;

    void say(PeerExport told) {
      told.fsids().forEach(fsid -> words.put(fsid, told));
    }

    @Override
    public Future<PeerExport> about(VersionedFsid fsid) {
      asked.incrementAndGet();
      return Future.succeededFuture(words.get(fsid));
    }

    @Override
    public Collection<PeerExport> all() {
      return List.copyOf(words.values());
    }

    @Override
    public Future<Boolean> firstWord() {
      return Future.succeededFuture(first);
    }

    @Override
    public void tell(PeerExport found) {
      told.add(found);
    }

    @Override
    public void tellAll(Collection<PeerExport> found) {
      told.clear();
      told.addAll(found);
    }
  }

  @BeforeEach
  void build() {
    open = origin.mount(origin.root, "open", Filesystem.of(1), NFS_DIRECTORY);
    secret = origin.mount(origin.root, "secret", Filesystem.of(2), NFS_DIRECTORY);
    inSecret = origin.directory(secret, "sub");
    file = origin.file(secret, "file");
    exports = new Exports(vertx, origin, new ExportsSettings(100, 1000, 3_600_000), List::of, said);
  }

  @AfterEach
  void stop() throws Exception {
    exports.close();
    await(vertx.close());
  }

  private static VersionedFsid fsid4(Node node) {
    return VersionedFsid.of(4, FakeBackend.identity(node, 4));
  }

  private static VersionedFsid fsid3(Node node) {
    return VersionedFsid.of(3, FakeBackend.identity(node, 3));
  }

  private Export resolve(Node node, int nfsVersion) throws Exception {
    return await(exports.resolve(node.handle, nfsVersion));
  }

  @Test
  void filesystemSaidToBeAtAnothersPath_isNotBelieved() throws Exception {
    said.say(new PeerExport("/open", List.of(fsid4(secret))));
    Export export = resolve(file, 4);
    assertEquals(State.DISCONNECTED, export.state());
    assertNull(export.path());
  }

  // A rule may be more generous to a directory inside than to the filesystem around it.
  @Test
  void filesystemSaidToBeAtADirectoryInsideIt_isNotBelieved() throws Exception {
    said.say(new PeerExport("/secret/sub", List.of(fsid4(secret))));
    assertEquals(State.DISCONNECTED, resolve(file, 4).state());
    assertEquals("/secret", resolve(inSecret, 4).path());
  }

  @Test
  void filesystemSaidToBeAtAFile_isNotBelieved() throws Exception {
    said.say(new PeerExport("/secret/file", List.of(fsid4(secret))));
    assertEquals(State.DISCONNECTED, resolve(file, 4).state());
  }

  // With the right fsid of NFSv4 and the right path, but another filesystem's name in NFSv3.
  @Test
  void filesystemSaidToHaveAnothersName_isNotBelieved() throws Exception {
    said.say(new PeerExport("/open", List.of(fsid4(open), fsid3(secret))));
    Export export = resolve(file, 3);
    assertEquals(State.DISCONNECTED, export.state());
    assertNull(export.path());
  }

  @Test
  void directoryOfWhichALieIsTold_isFoundAsIfNothingHadBeenSaid() throws Exception {
    said.say(new PeerExport("/open", List.of(fsid4(secret), fsid3(secret))));
    assertEquals("/secret", resolve(secret, 4).path());
    assertEquals("/secret", resolve(secret, 3).path());
  }

  @Test
  void file_hasAPlaceByWhatWasSaidAndConfirmed() throws Exception {
    said.say(new PeerExport("/secret", List.of(fsid3(secret), fsid4(secret))));
    assertEquals("/secret", resolve(file, 4).path());
    assertEquals("/secret", resolve(file, 3).path());
    assertEquals(0, origin.asked("above"));
  }

  @Test
  void originWithoutAnAnswer_confirmsNothing() throws Exception {
    said.say(new PeerExport("/secret", List.of(fsid4(secret))));
    origin.serves4 = false;
    assertEquals(State.DISCONNECTED, resolve(file, 3).state());
  }

  @Test
  void filesystemsOfOthers_areListedAndNotApplied() throws Exception {
    said.say(new PeerExport("/secret", List.of(fsid4(secret))));
    said.first = true;
    await(exports.start());
    assertEquals(0, origin.asked());
    assertEquals(List.of("/secret"), exports.told().stream().map(PeerExport::path).toList());
    assertNull(exports.at("/secret"));
    assertEquals(1, exports.all().size());
  }

  @Test
  void nextLook_confirmsWhatOthersSayAndLeavesTheRest() throws Exception {
    said.say(new PeerExport("/secret", List.of(fsid4(secret))));
    said.say(new PeerExport("/open/no/such", List.of(fsid4(open))));
    await(exports.refresh());
    assertEquals(KnownFrom.FLEET, exports.at("/secret").knownFrom());
    assertEquals(List.of("/open/no/such"), exports.told().stream().map(PeerExport::path).toList());
    assertEquals(2, exports.all().size(), "a claim alone makes no export");
  }

  // Else two instances would keep each other's lies alive for ever.
  @Test
  void onlyWhatTheOriginSaid_isTold() throws Exception {
    said.say(new PeerExport("/open/no/such", List.of(fsid4(open))));
    resolve(secret, 4);
    assertEquals(List.of("/secret"), said.told.stream().map(PeerExport::path).toList());
    await(exports.refresh());
    assertEquals(List.of("/secret"), said.told.stream().map(PeerExport::path).toList());
    assertEquals(2, said.told.get(0).fsids().size(), "its names of NFSv3 and NFSv4");
  }

  @Test
  void pathsThatNobodyWouldTell_areRefused() {
    List<VersionedFsid> fsids = List.of(fsid4(open));
    for (String path :
        List.of(
            "", "/", "a", "//", "/a/", "/a//b", "/a/../b", "/.", "/a\nb", "/" + "x".repeat(4096))) {
      assertThrows(IllegalArgumentException.class, () -> new PeerExport(path, fsids), path);
    }
    assertThrows(IllegalArgumentException.class, () -> new PeerExport("/a", List.of()));
    VersionedFsid other = new VersionedFsid(4, 7, 7);
    assertThrows(
        IllegalArgumentException.class, () -> new PeerExport("/a", List.of(fsid4(open), other)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new PeerExport("/a", List.of(new VersionedFsid(5, 0, 0))));
  }
}
