package org.nfsproxy.server.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.Export.State;
import org.nfsproxy.server.exports.FakeBackend.Filesystem;
import org.nfsproxy.server.exports.FakeBackend.Node;
import org.nfsproxy.server.policy.KnownParameters;

/** Exports of the lab's origin: ext4, and in it xfs, btrfs with subvolumes, ext4 and tmpfs. */
class ExportsTest {
  private static final int PATIENCE_SECONDS = 20;
  private static final int IO = 5;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong();
  private final FakeBackend origin = new FakeBackend();
  private final List<String> rulePaths = new ArrayList<>();
  private Node export;
  private Node xfs;
  private Node btrfs;
  private Node sub1;
  private Node sub2;
  private Node ext4;
  private Node tmpfs;
  private Exports exports;

  @BeforeEach
  void build() {
    export = origin.mount(origin.root, "export", Filesystem.of(1), 2);
    xfs = origin.mount(export, "xfs", Filesystem.of(2), 128);
    btrfs = origin.mount(export, "btrfs", Filesystem.of(3), 256);
    sub1 = origin.mount(btrfs, "sub1", btrfs.filesystem, 256);
    sub2 = origin.mount(sub1, "sub2", btrfs.filesystem, 256);
    Node deep = origin.directory(export, "deep");
    ext4 = origin.mount(deep, "ext4", Filesystem.of(4), 2);
    tmpfs = origin.mount(deep, "tmpfs", Filesystem.of(5), 1);
    origin.listed.add("/export");
    exports = exports(1000, 10_000);
  }

  private Exports exports(int exportsMax, int handlesMax) {
    ExportsSettings settings = new ExportsSettings(exportsMax, handlesMax, 3_600_000);
    return new Exports(vertx, origin, settings, () -> rulePaths, nanos::get);
  }

  @AfterEach
  void stop() throws Exception {
    exports.close();
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static <T extends Throwable> T failure(Class<T> type, Future<?> future) {
    ExecutionException failed = assertThrows(ExecutionException.class, () -> await(future));
    return assertInstanceOf(type, failed.getCause());
  }

  private void seconds(int seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private Export resolve(Node node, int nfsVersion) throws Exception {
    return await(exports.resolve(node.handle, nfsVersion));
  }

  private Export find(Node node, int nfsVersion) {
    ByteBuf record = Unpooled.buffer().writeInt(0).writeBytes(node.handle.bytes()).writeInt(0);
    return exports.find(record, 4, node.handle.length(), nfsVersion);
  }

  private Export learn(Node node, int nfsVersion) {
    return learn(HandleFrom.REPLY, node, node, nfsVersion);
  }

  /** A reply about one object that says what another one is. */
  private Export learn(HandleFrom from, Node node, Node saidOf, int nfsVersion) {
    ObjectIdentity identity = FakeBackend.identity(saidOf, nfsVersion);
    return exports.learn(
        from,
        Unpooled.wrappedBuffer(node.handle.bytes()),
        0,
        node.handle.length(),
        nfsVersion,
        identity.fsidMajor(),
        identity.fsidMinor(),
        identity.type());
  }

  private Export learnChild(Node directory, String name, Node child, int nfsVersion) {
    return exports.learnChild(
        directory.handle,
        name.getBytes(StandardCharsets.UTF_8),
        child.handle,
        nfsVersion,
        FakeBackend.identity(child, nfsVersion));
  }

  @Test
  void resolve_directoriesOfAllFilesystems_givesTheirPaths() throws Exception {
    Node deepIn = origin.directory(origin.directory(ext4, "a"), "b");
    assertEquals("/export/deep/ext4", resolve(deepIn, 4).path());
    assertEquals("/export/xfs", resolve(xfs, 4).path());
    assertEquals("/export/deep/tmpfs", resolve(tmpfs, 4).path());
    assertEquals("/export", resolve(export, 4).path());
    assertEquals("/", resolve(origin.root, 4).path());
  }

  @Test
  void resolve_subvolumes_areOneExportWhateverTheirFileidsRepeat() throws Exception {
    Export one = resolve(origin.directory(sub2, "x"), 4);
    assertEquals("/export/btrfs", one.path());
    assertSame(one, resolve(sub1, 4));
    assertSame(one, resolve(btrfs, 4));
    assertSame(one, resolve(sub2, 3));
    assertEquals(btrfs.handle, one.root(4));
  }

  @Test
  void find_afterResolving_knowsTheHandleInThatVersion() throws Exception {
    assertNull(find(xfs, 4));
    Export found = resolve(xfs, 4);
    int asked = origin.asked();
    assertSame(found, find(xfs, 4));
    assertSame(found, resolve(xfs, 4));
    assertEquals(asked, origin.asked());
    Node file = origin.file(xfs, "f");
    assertNull(find(file, 4));
    assertSame(found, resolve(file, 4));
    assertEquals(asked + 1, origin.asked());
    assertNull(find(file, 3));
  }

  @Test
  void resolve_fileOfAnUnknownFilesystem_isDisconnectedUntilADirectoryIsMet() throws Exception {
    Export alone = resolve(origin.file(xfs, "f"), 4);
    assertEquals(State.DISCONNECTED, alone.state());
    assertNull(alone.path());
    assertEquals("only files of it were met", alone.why());
    int changes = alone.changes();
    Export whole = resolve(origin.directory(xfs, "d"), 4);
    assertSame(alone, whole);
    assertEquals("/export/xfs", whole.path());
    assertEquals(State.CONNECTED, alone.state());
    assertNotEquals(changes, alone.changes());
  }

  // Without the search a client that has a file open would be under the strictest of all rules.
  @Test
  void resolve_fileOfAnUnknownFilesystem_underARuleOfAPath_isSearchedFor() throws Exception {
    rulePaths.add("/export/btrfs");
    origin.nested.addAll(List.of("/export", "/export/btrfs", "/export/deep/ext4", "/export/xfs"));
    Export found = resolve(origin.file(xfs, "f"), 4);
    assertEquals(State.CONNECTED, found.state());
    assertEquals("/export/xfs", found.path());
    assertEquals("/export/deep/ext4", resolve(origin.file(ext4, "f"), 3).path());
    assertEquals(1, origin.asked("nestedExports"));
  }

  @Test
  void resolve_fileThatNoSearchFinds_isSearchedForAgainOnlyAfterMinutes() throws Exception {
    rulePaths.add("/export/btrfs");
    assertEquals(State.DISCONNECTED, resolve(origin.file(xfs, "f"), 4).state());
    seconds(10);
    assertEquals(State.DISCONNECTED, resolve(origin.file(xfs, "g"), 4).state());
    assertEquals(1, origin.asked("nestedExports"));
    seconds(300);
    origin.nested.add("/export/xfs");
    assertEquals("/export/xfs", resolve(origin.file(xfs, "h"), 4).path());
    assertEquals(2, origin.asked("nestedExports"));
  }

  @Test
  void resolve_fileOfAnUnknownFilesystem_withoutRulesOfPaths_isNotSearchedFor() throws Exception {
    origin.nested.add("/export/xfs");
    assertEquals(State.DISCONNECTED, resolve(origin.file(xfs, "f"), 4).state());
    assertEquals(0, origin.asked("nestedExports"));
  }

  @Test
  void resolve_fileByNfs3_isFoundByWhatNfs4Knows() throws Exception {
    Export whole = resolve(xfs, 4);
    Export byFile = resolve(origin.file(xfs, "f"), 3);
    assertSame(whole, byFile);
    assertEquals(Set.of(3, 4), versions(byFile));
  }

  private static Set<Integer> versions(Export export) {
    Set<Integer> versions = new HashSet<>();
    export.fsids().forEach(fsid -> versions.add(fsid.nfsVersion()));
    return versions;
  }

  @Test
  void resolve_byNfs3_afterAFileWasJoined_isPlacedByNfs4() throws Exception {
    assertEquals(State.DISCONNECTED, resolve(origin.file(ext4, "f"), 3).state());
    assertEquals("/export/deep/ext4", resolve(ext4, 3).path());
  }

  @Test
  void resolve_fileByNfs3First_isMergedWhenNfs4MeetsADirectory() throws Exception {
    origin.serves4 = false;
    Node file = origin.file(xfs, "f");
    Export alone = resolve(file, 3);
    assertEquals(State.DISCONNECTED, alone.state());
    alone.countCall();
    origin.serves4 = true;
    seconds(60);
    Export whole = resolve(origin.directory(xfs, "d"), 4);
    assertEquals("/export/xfs", whole.path());
    assertSame(whole, find(file, 3), "what is kept with the handle leads on");
    assertEquals(1, whole.calls());
    assertEquals(1, exports.all().stream().filter(e -> "/export/xfs".equals(e.path())).count());
  }

  @Test
  void resolve_sameBytesOfAnotherObject_areNotTakenForTheSame() throws Exception {
    Node file = origin.file(xfs, "f");
    Node other = origin.file(tmpfs, "g");
    Exports confused =
        new Exports(
            vertx,
            new Confused(origin, file, other),
            new ExportsSettings(100, 100, 1000),
            List::of,
            nanos::get);
    Export found = await(confused.resolve(file.handle, 3));
    assertEquals(Set.of(3), versions(found));
    assertEquals(State.DISCONNECTED, found.state());
  }

  @Test
  void resolve_byNfs3Only_isPlacedByMountsList() throws Exception {
    origin.serves4 = false;
    Node inside = origin.directory(export, "inside");
    Export found = resolve(inside, 3);
    assertEquals("/export", found.path());
    Export nested = resolve(xfs, 3);
    assertEquals(State.DISCONNECTED, nested.state(), "NFSv3 does not look above it");
    origin.listed.add("/export/xfs");
    seconds(10);
    assertEquals("/export/xfs", resolve(origin.file(xfs, "f"), 3).path());
  }

  @Test
  void learnChild_byNfs3Only_placesWhatIsBelow() throws Exception {
    origin.serves4 = false;
    await(exports.refresh());
    Node deep = export.names.get("deep");
    learn(deep, 3);
    assertEquals(State.DISCONNECTED, resolve(ext4, 3).state());
    Export nested = learnChild(deep, "ext4", ext4, 3);
    assertEquals("/export/deep/ext4", nested.path());
    assertEquals(ext4.handle, nested.root(3));
  }

  @Test
  void resolve_aThousandTimesAtOnce_isOneQuestion() throws Exception {
    resolve(xfs, 4);
    int before = origin.asked();
    Node file = origin.file(xfs, "f");
    origin.holding = true;
    List<Future<Export>> all = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < 250; i++) {
                  Future<Export> one = exports.resolve(Filehandle.of(file.handle.bytes()), 4);
                  synchronized (all) {
                    all.add(one);
                  }
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    origin.release();
    Export first = await(all.get(0));
    for (Future<Export> one : all) {
      assertSame(first, await(one));
    }
    assertEquals(1000, all.size());
    assertEquals(before + 1, origin.asked());
  }

  @Test
  void resolve_manyHandlesOfOneUnknownFilesystem_climbOnce() throws Exception {
    resolve(export, 4);
    List<Node> directories = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      directories.add(origin.directory(tmpfs, "d" + i));
    }
    int named = origin.asked("nameOf");
    int above = origin.asked("above");
    origin.holding = true;
    List<Future<Export>> all = new ArrayList<>();
    directories.forEach(directory -> all.add(exports.resolve(directory.handle, 4)));
    origin.release();
    for (Future<Export> one : all) {
      assertEquals("/export/deep/tmpfs", await(one).path());
    }
    // The handle of deep is good for nothing: what it is asked for is asked again from tmpfs.
    assertEquals(named + 3, origin.asked("nameOf"), "tmpfs once, deep twice");
    assertEquals(above + 4, origin.asked("above"), "d0 and tmpfs once, deep twice");
  }

  // An old no is a lie to whoever asks when the filesystem is mounted again, or may be asked again.
  @ParameterizedTest
  @ValueSource(
      ints = {FakeBackend.STALE, FakeBackend.ACCES, FakeBackend.BADHANDLE, FakeBackend.NOENT, IO})
  void resolve_refused_failsWithThatStatusAndIsNotRemembered(int status) throws Exception {
    xfs.status = status;
    for (int asked = 1; asked <= 2; asked++) {
      assertEquals(
          status, failure(NfsStatusException.class, exports.resolve(xfs.handle, 4)).status());
      assertEquals(asked, origin.asked("identify"), "one question for each call");
    }
    xfs.status = 0;
    assertEquals("/export/xfs", resolve(xfs, 4).path());
  }

  @Test
  void resolve_silence_failsOtherwiseThanARefusal() throws Exception {
    origin.away = true;
    failure(TimeoutException.class, exports.resolve(xfs.handle, 4));
    origin.away = false;
    assertEquals("/export/xfs", resolve(xfs, 4).path());
  }

  @Test
  void resolve_busyOrigin_isAskedAgain() throws Exception {
    origin.busyTimes = 3;
    assertEquals("/export/xfs", resolve(xfs, 4).path());
  }

  @Test
  void resolve_originThatWaitsBeforeItSaysDelay_isNotAskedForEver() throws Exception {
    origin.busyTimes = Integer.MAX_VALUE;
    origin.beforeBusy = () -> seconds(5);
    NfsStatusException later = failure(NfsStatusException.class, exports.resolve(xfs.handle, 4));
    assertEquals(FakeBackend.DELAY, later.status());
    assertEquals(1, origin.asked("identify"));
  }

  @Test
  void resolve_placeThatIsNotFoundInTime_isLaterAndNoSilence() throws Exception {
    ExportsSettings settings = new ExportsSettings(1000, 10_000, 3_600_000);
    exports.close();
    exports = new Exports(vertx, origin, settings, () -> rulePaths, nanos::get, 100);
    await(exports.refresh());
    origin.silentAbout.add("above");
    NfsStatusException later = failure(NfsStatusException.class, exports.resolve(xfs.handle, 4));
    assertEquals(FakeBackend.DELAY, later.status());
    assertEquals("/export", resolve(export, 4).path());
  }

  @Test
  void resolve_parentForbidden_isDisconnectedAndSaysWhy() throws Exception {
    export.status = FakeBackend.ACCES;
    Export found = resolve(xfs, 4);
    assertEquals(State.DISCONNECTED, found.state());
    assertEquals("NFSv4: NFS status 13; NFSv3: nothing is above its root", found.why());
    export.status = 0;
    seconds(10);
    resolve(origin.directory(xfs, "d"), 4);
    assertEquals("/export/xfs", found.path());
  }

  @Test
  void resolve_directoriesInACircle_ends() throws Exception {
    Node a = origin.directory(xfs, "a");
    Node b = origin.directory(a, "b");
    a.above = b;
    Export found = resolve(b, 4);
    assertEquals("its directories lead in a circle", found.why().split("[;:] ")[1]);
  }

  @Test
  void resolve_depthWithoutEnd_ends() throws Exception {
    Node at = xfs;
    for (int i = 0; i < 1000; i++) {
      at = origin.directory(at, "d");
    }
    assertEquals("the way to its root has no end", resolve(at, 4).why().split("[;:] ")[1]);
  }

  @Test
  void filesystem_thatAppearsWhileRunning_isFoundWithItsFirstHandle() throws Exception {
    await(exports.refresh());
    Node late = origin.mount(export.names.get("deep"), "late", Filesystem.of(9), 2);
    assertEquals("/export/deep/late", resolve(late, 4).path());
  }

  @Test
  void filesystem_reformatted_retiresTheOldOne() throws Exception {
    Node oldFile = origin.file(xfs, "f");
    Export old = resolve(xfs, 4);
    resolve(oldFile, 4);
    origin.destroy(xfs);
    Node fresh = origin.mount(export, "xfs", Filesystem.of(22), 128);
    Export now = resolve(fresh, 4);
    assertNotSame(old, now);
    assertEquals("/export/xfs", now.path());
    assertEquals(State.GONE, old.state());
    assertEquals("another filesystem has its path", old.why());
    assertSame(now, exports.at("/export/xfs"));
    assertSame(old, find(oldFile, 4), "handles of the old one are judged as before");
    assertEquals("/export/xfs", old.path());
  }

  @Test
  void filesystem_reformatted_isSeenByARefreshToo() throws Exception {
    Export old = resolve(xfs, 4);
    origin.destroy(xfs);
    Node fresh = origin.mount(export, "xfs", Filesystem.of(22), 128);
    await(exports.refresh());
    assertEquals(State.GONE, old.state());
    assertEquals(fresh.handle, exports.at("/export/xfs").root(4));
  }

  @Test
  void filesystem_unmounted_isGoneAndComesBack() throws Exception {
    Export first = resolve(xfs, 4);
    export.names.remove("xfs");
    Node covered = origin.directory(export, "xfs");
    await(exports.refresh());
    assertEquals(State.GONE, first.state());
    assertEquals("/export", resolve(covered, 4).path());
    export.names.put("xfs", xfs);
    seconds(10);
    Node file = origin.directory(xfs, "d");
    assertSame(first, resolve(file, 4));
    assertEquals(State.CONNECTED, first.state());
    assertEquals("/export/xfs", first.path());
  }

  @Test
  void filesystem_mountedOnADirectoryThatARuleNames_takesThePathFromTheOneAbove() throws Exception {
    rulePaths.add("/export/late");
    Node directory = origin.directory(export, "late");
    await(exports.refresh());
    assertEquals(List.of("/export", "/export/late"), resolve(export, 4).paths());
    origin.destroy(directory);
    Node late = origin.mount(export, "late", Filesystem.of(9), 2);
    assertEquals(List.of("/export/late"), resolve(late, 4).paths());
    assertEquals(List.of("/export"), resolve(export, 4).paths());
    assertSame(resolve(late, 4), exports.at("/export/late"));
  }

  @Test
  void filesystem_mountedElsewhere_isMovedByTheLookThatMeetsIt() throws Exception {
    Export moved = resolve(xfs, 4);
    resolve(export, 4);
    origin.root.names.put("other", xfs);
    export.names.remove("xfs");
    xfs.above = origin.root;
    learn(origin.root, 4);
    resolve(origin.root, 4);
    learnChild(origin.root, "other", xfs, 4);
    await(exports.refresh());
    seconds(10);
    resolve(origin.directory(xfs, "d"), 4);
    assertEquals("/other", moved.path());
    assertNull(exports.at("/export/xfs"));
  }

  @Test
  void origin_away_losesNothing() throws Exception {
    Export found = resolve(xfs, 4);
    origin.away = true;
    await(exports.refresh());
    assertEquals(State.CONNECTED, found.state());
    assertEquals("/export/xfs", found.path());
  }

  @Test
  void refresh_findsWhatIsListed_inBothVersions() throws Exception {
    origin.listed.add("/export/xfs");
    await(exports.refresh());
    Export found = exports.at("/export/xfs");
    assertEquals(Set.of(3, 4), versions(found));
    assertEquals(KnownFrom.LIST, found.knownFrom());
    assertEquals(Set.of(3, 4), versions(exports.at("/export")));
    Export root = exports.root(4);
    assertSame(root, exports.at("/"));
    assertSame(root, resolve(origin.root, 4));
    assertEquals(new VersionedFsid(4, 0x4000, 0), root.fsid(4));
  }

  @Test
  void refresh_looksUpWhatRulesName_soThatAFileCannotComeBefore() throws Exception {
    rulePaths.add("/export/deep/ext4");
    await(exports.refresh());
    Export byFile3 = resolve(origin.file(ext4, "f"), 3);
    assertEquals("/export/deep/ext4", byFile3.path());
    assertEquals(KnownFrom.RULE, byFile3.knownFrom());
  }

  // NFS-Ganesha: other handles in NFSv3 than in NFSv4, and several exports of one filesystem. The
  // rule for one of them must not end up with a filesystem that is known in NFSv3 only.
  @Test
  void refresh_directoriesOfOneFilesystem_whoseHandlesDifferByVersion_areOneExport()
      throws Exception {
    origin.handlesDiffer = true;
    origin.directory(export, "a");
    origin.directory(export, "b");
    origin.listed.addAll(List.of("/export/a", "/export/b"));
    rulePaths.add("/export/a");

    await(exports.refresh());

    Export known = resolve(export, 4);
    assertSame(known, exports.at("/export/a"));
    assertSame(known, exports.at("/export/b"));
    assertEquals("/export", known.path());
    assertNotNull(known.fsid(3));
  }

  // MNT's list begins with a directory; only then comes the root of its filesystem.
  @Test
  void refresh_ofNfs3Only_directoryAboveAnother_isTheFirstPath() throws Exception {
    origin.serves4 = false;
    origin.directory(export, "a");
    origin.listed.clear();
    origin.listed.addAll(List.of("/export/a", "/export"));

    await(exports.refresh());
    await(exports.refresh());

    assertEquals(List.of("/export", "/export/a"), exports.at("/export/a").paths());
  }

  @Test
  void refresh_ruleBelowAnExportOfNfs3Only_isWalkedTo() throws Exception {
    origin.serves4 = false;
    rulePaths.add("/export/deep/ext4");
    await(exports.refresh());
    await(exports.refresh());
    assertEquals("/export/deep/ext4", resolve(origin.file(ext4, "f"), 3).path());
  }

  @Test
  void refresh_twoListedPathsOfOneFilesystem_areBothItsPaths() throws Exception {
    origin.directory(xfs, "u1");
    origin.directory(xfs, "u2");
    origin.listed.add("/export/xfs/u1");
    rulePaths.add("/export/xfs/u2");
    await(exports.refresh());
    Export found = exports.at("/export/xfs/u1");
    assertEquals("/export/xfs", found.path());
    assertEquals(
        Set.of("/export/xfs", "/export/xfs/u1", "/export/xfs/u2"), Set.copyOf(found.paths()));
    assertSame(found, exports.at("/export/xfs/u2"));
  }

  @Test
  void learn_knownFilesystem_asksNothing() throws Exception {
    Export found = resolve(xfs, 4);
    Node file = origin.file(xfs, "f");
    int asked = origin.asked();
    assertSame(found, learn(file, 4));
    assertSame(found, find(file, 4));
    assertEquals(asked, origin.asked());
    assertEquals(3, found.handles());
  }

  private Export likely(Node node) {
    return exports.likely(Unpooled.wrappedBuffer(node.handle.bytes()), 0, node.handle.length(), 4);
  }

  @Test
  void learn_handleInACall_isLikely_andCertainOnceItStoodInAReply() throws Exception {
    Export found = resolve(xfs, 4);
    Export other = resolve(tmpfs, 4);
    Node file = origin.file(xfs, "f");
    assertSame(other, learn(HandleFrom.CALL, file, tmpfs, 4));
    assertSame(other, learn(HandleFrom.CALL, file, tmpfs, 4));
    assertNull(find(file, 4), "nothing may rest on it");
    assertSame(other, likely(file));
    long handles = found.handles();
    assertSame(found, learn(file, 4));
    assertSame(found, find(file, 4));
    assertSame(found, likely(file));
    assertEquals(handles + 1, found.handles());
  }

  @Test
  void resolve_handleInACall_asksTheOrigin_andIsCountedOnce() throws Exception {
    Export found = resolve(xfs, 4);
    Node file = origin.file(xfs, "f");
    long handles = found.handles();
    assertSame(found, learn(HandleFrom.CALL, file, xfs, 4));
    int asked = origin.asked();
    assertSame(found, resolve(file, 4));
    assertTrue(origin.asked() > asked);
    assertSame(found, find(file, 4));
    assertEquals(handles + 1, found.handles());
  }

  @Test
  void learn_directoryOfAnUnknownFilesystem_isConnectedInTheBackground() throws Exception {
    Export found = learn(xfs, 4);
    assertEquals("/export/xfs", found.path());
  }

  @Test
  void learn_manyFilesOfAnUnknownFilesystem_askOnceAtATime() throws Exception {
    origin.holding = true;
    for (int i = 0; i < 1000; i++) {
      learn(origin.file(xfs, "f" + i), 4);
    }
    assertTrue(origin.asked() <= 1, origin.asked() + " questions");
    origin.release();
  }

  private boolean learnsAtOnceAs(Node node, Node other) {
    ObjectIdentity identity = FakeBackend.identity(other, 4);
    return exports.learnAtOnce(
        HandleFrom.REPLY,
        Unpooled.wrappedBuffer(node.handle.bytes()),
        0,
        node.handle.length(),
        4,
        identity.fsidMajor(),
        identity.fsidMinor(),
        identity.type());
  }

  @Test
  void learn_ofAKnownHandle_whenTheReplySaysOtherwise_movesNothing() throws Exception {
    Export known = resolve(xfs, 4);
    Export other = resolve(tmpfs, 4);
    assertSame(known, learn(HandleFrom.REPLY, xfs, tmpfs, 4));
    assertSame(known, find(xfs, 4));
    assertTrue(!learnsAtOnceAs(xfs, tmpfs), "it takes a question");
    assertSame(known, find(xfs, 4));
    ObjectIdentity tmpfsSaid = FakeBackend.identity(tmpfs, 4);
    assertSame(
        known, exports.learnChild(export.handle, new byte[] {'x'}, xfs.handle, 4, tmpfsSaid));
    assertSame(known, find(xfs, 4));
    assertSame(other, find(tmpfs, 4));
  }

  @Test
  void learn_handleThatIsInAnotherFilesystemNow_isBelievedWhenTheOriginSaysSo() throws Exception {
    Export known = resolve(xfs, 4);
    Export other = resolve(tmpfs, 4);
    xfs.filesystem = tmpfs.filesystem;
    origin.holding = true;
    assertSame(known, learn(xfs, 4));
    assertSame(known, find(xfs, 4), "until the origin has answered");
    origin.release();
    assertSame(other, find(xfs, 4));
    assertSame(other, learn(xfs, 4));
  }

  @Test
  void learnChild_handleThatIsInAnotherFilesystemNow_isBelievedWhenTheOriginSaysSo()
      throws Exception {
    Export known = resolve(xfs, 4);
    xfs.filesystem = Filesystem.of(22);
    origin.holding = true;
    assertSame(known, learnChild(export, "xfs", xfs, 4));
    assertSame(known, find(xfs, 4));
    origin.release();
    assertEquals(new VersionedFsid(4, 0x4000 + 22, 22), find(xfs, 4).fsid(4));
  }

  @Test
  void learn_ofKnownHandles_whenRepliesSayOtherwise_asksBoundedlyAndOnceForAHandle()
      throws Exception {
    resolve(tmpfs, 4);
    List<Node> files = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Node file = origin.file(xfs, "f" + i);
      files.add(file);
      resolve(file, 4);
    }
    int before = origin.asked();
    origin.holding = true;
    for (int times = 0; times < 3; times++) {
      learn(HandleFrom.REPLY, files.get(0), tmpfs, 4);
    }
    assertEquals(before + 1, origin.asked());
    files.forEach(file -> learn(HandleFrom.REPLY, file, tmpfs, 4));
    assertTrue(origin.asked() <= before + 32, origin.asked() - before + " questions");
    origin.release();
    learn(HandleFrom.REPLY, files.get(99), tmpfs, 4);
    assertTrue(origin.asked() > before + 32, "and asks again when there is room");
  }

  @Test
  void learn_ofAKnownHandle_whenTheOriginSaysNothing_leavesWhatIsKnown() throws Exception {
    Export known = resolve(xfs, 4);
    origin.away = true;
    learn(HandleFrom.REPLY, xfs, tmpfs, 4);
    origin.away = false;
    assertSame(known, find(xfs, 4));
    xfs.status = FakeBackend.STALE;
    learn(HandleFrom.REPLY, xfs, tmpfs, 4);
    assertSame(known, find(xfs, 4));
  }

  // It was unmounted, and then a file of it was met in NFSv3, where nobody had met it: it is one
  // filesystem, whose root is known and whose path is not.
  @Test
  void learnChild_belowARootWithoutAPath_isLearnt() throws Exception {
    Export nested = resolve(ext4, 4);
    origin.serves3 = false;
    Export gone = resolve(xfs, 4);
    export.names.remove("xfs");
    await(exports.refresh());
    assertEquals(State.GONE, gone.state());
    origin.serves3 = true;
    Export above = resolve(origin.file(xfs, "f"), 3);
    assertSame(above, find(xfs, 4));
    assertEquals(xfs.handle, above.root(4));
    assertNull(above.path());
    assertSame(nested, learnChild(xfs, "ext4", ext4, 4));
  }

  // An alias of a mount point, looked up in a loop, is no reason to look in a loop.
  @Test
  void learnChild_byASecondName_looksOnceAtATimeWhereTheFilesystemIs() throws Exception {
    Export found = resolve(xfs, 4);
    resolve(export, 4);
    int before = origin.asked("find");
    origin.holding = true;
    for (int i = 0; i < 100; i++) {
      assertSame(found, learnChild(export, "alias", xfs, 4));
    }
    assertEquals(before + 1, origin.asked("find"));
    origin.release();
    assertEquals("/export/xfs", found.path());
  }

  @Test
  void exports_beyondTheBound_dropTheLeastMissed() throws Exception {
    exports = exports(8, 1000);
    await(exports.refresh());
    Export kept = resolve(xfs, 4);
    Node first = null;
    for (int i = 0; i < 20; i++) {
      Node late = origin.mount(export, "late" + i, Filesystem.of(100 + i), 2);
      Node file = origin.file(late, "f");
      first = first == null ? file : first;
      assertEquals(State.DISCONNECTED, resolve(file, 4).state());
    }
    assertEquals(8, exports.all().size());
    Set<Integer> indices = new HashSet<>();
    exports.all().forEach(export -> indices.add(export.index()));
    assertEquals(Set.of(0, 1, 2, 3, 4, 5, 6, 7), indices);
    assertSame(kept, exports.at("/export/xfs"), "connected ones stay");
    assertNull(find(first, 4), "a number that is used again is not what its handles mean");
    assertEquals(State.DISCONNECTED, resolve(first, 4).state());
  }

  @Test
  void exports_ofABackendThatCannotSay_areServedWithoutPaths() throws Exception {
    Exports blind =
        new Exports(
            vertx,
            new Confused(origin, xfs, xfs) {
              @Override
              boolean finds() {
                return false;
              }
            },
            new ExportsSettings(100, 100, 1000),
            List::of,
            nanos::get);
    await(blind.refresh());
    Export found = await(blind.resolve(tmpfs.handle, 4));
    assertEquals(State.DISCONNECTED, found.state());
    assertEquals(Set.of(3, 4), versions(found));
  }

  @Test
  void parameters_areKeptForWhoeverJudges() throws Exception {
    Export found = resolve(xfs, 4);
    assertNull(found.parameters());
    KnownParameters known = new KnownParameters(null, found.changes(), null);
    found.keep(known);
    assertSame(known, found.parameters());
    found.countCall();
    found.countRefusal();
    assertEquals(1, found.calls());
    assertEquals(1, found.refusals());
  }

  @Test
  void lastSeen_isWhenTheOriginAnswered_notWhenACallWasSent() throws Exception {
    assertEquals(0, exports.root(4).lastSeenMillis(), "before anybody has asked");
    await(exports.refresh());
    Export met = exports.at("/export");
    assertTrue(exports.root(4).lastSeenMillis() > 0);
    long seen = met.lastSeenMillis();
    assertTrue(seen > 0);

    origin.away = true;
    untilAfter(seen);
    met.countCall();
    await(exports.refresh());
    assertEquals(seen, met.lastSeenMillis());

    origin.away = false;
    await(exports.refresh());
    assertTrue(met.lastSeenMillis() > seen);
    assertTrue(met.firstSeenMillis() <= seen);
  }

  private static void untilAfter(long millis) {
    while (System.currentTimeMillis() <= millis) {
      Thread.onSpinWait();
    }
  }
}
