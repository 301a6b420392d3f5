package org.nfsproxy.server.exports;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.fakes.QuestionedBackend;

/**
 * A tree of filesystems that answers as a Linux server does: one handle for all versions, fsids
 * that differ between them, NFSv4 that looks above mount points, and NFSv3 that does not.
 */
final class FakeBackend implements QuestionedBackend {
  static final int NOENT = 2;
  static final int ACCES = 13;
  static final int NOTDIR = 20;
  static final int STALE = 70;
  static final int BADHANDLE = 10001;
  static final int DELAY = 10008;

  /** A filesystem by its names in NFSv3 and NFSv4. */
  record Filesystem(long fsid3, long major, long minor) {
    static Filesystem of(int number) {
      return new Filesystem(0x3000 + number, 0x4000 + number, number);
    }
  }

  /** A file or directory. */
  static final class Node {
    final Filehandle handle;
    Filesystem filesystem;
    final long fileid;
    final int type;
    Node above;
    final Map<String, Node> names = new LinkedHashMap<>();
    int status;

    private Node(Filehandle handle, Filesystem filesystem, long fileid, int type, Node above) {
      this.handle = handle;
      this.filesystem = filesystem;
      this.fileid = fileid;
      this.type = type;
      this.above = above;
    }
  }

  final Node root;
  final Set<String> listed = new LinkedHashSet<>();
  final Set<String> nested = new LinkedHashSet<>();
  final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final Map<Filehandle, Node> nodes = new HashMap<>();
  private final List<Promise<Void>> held = new ArrayList<>();
  private int next = 1;
  boolean holding;
  boolean away;
  boolean serves3 = true;
  boolean serves4 = true;

  /** Whether a handle is good in one version only, as NFS-Ganesha's is. */
  boolean handlesDiffer;

  int busyTimes;
  Runnable beforeBusy = () -> {};

  /** Questions that have no answer. */
  final Set<String> silentAbout = ConcurrentHashMap.newKeySet();

  FakeBackend() {
    root = node(Filesystem.of(0), 2, 2, null);
  }

  private Node node(Filesystem filesystem, long fileid, int type, Node above) {
    Filehandle handle = Filehandle.of(Unpooled.buffer(8).writeLong(next++).array());
    Node node = new Node(handle, filesystem, fileid, type, above);
    nodes.put(handle, node);
    return node;
  }

  Node directory(Node above, String name) {
    return add(above, name, above.filesystem, 1000 + next, 2);
  }

  Node file(Node above, String name) {
    return add(above, name, above.filesystem, 1000 + next, 1);
  }

  /** The root of a filesystem; over what is at the name already, if anything is. */
  Node mount(Node above, String name, Filesystem filesystem, long fileid) {
    return add(above, name, filesystem, fileid, 2);
  }

  private Node add(Node above, String name, Filesystem filesystem, long fileid, int type) {
    Node node = node(filesystem, fileid, type, above);
    above.names.put(name, node);
    return node;
  }

  /** Handles of it are stale from now on, and of all below. */
  void destroy(Node node) {
    nodes.remove(node.handle);
    List.copyOf(node.names.values()).forEach(this::destroy);
    if (node.above != null) {
      node.above.names.values().remove(node);
    }
  }

  /** Gives a directory another name in the directory where it is. */
  static void rename(Node above, String from, String to) {
    above.names.put(to, above.names.remove(from));
  }

  int asked(String question) {
    AtomicInteger times = asked.get(question);
    return times == null ? 0 : times.get();
  }

  int asked() {
    return asked.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  /** Answers what was held back, and from now on at once. */
  void release() {
    List<Promise<Void>> all;
    synchronized (held) {
      holding = false;
      all = List.copyOf(held);
      held.clear();
    }
    all.forEach(Promise::complete);
  }

  /** Answers what is held back at this moment, and goes on holding; says how many those were. */
  int roundTrip() {
    List<Promise<Void>> all;
    synchronized (held) {
      all = List.copyOf(held);
      held.clear();
    }
    all.forEach(Promise::complete);
    return all.size();
  }

  private interface Answer<T> {
    T give() throws NfsStatusException;
  }

  private <T> Future<T> answer(String question, int nfsVersion, Answer<T> answer) {
    asked.computeIfAbsent(question, q -> new AtomicInteger()).incrementAndGet();
    if (silentAbout.contains(question)) {
      return Promise.<T>promise().future();
    }
    Supplier<Future<T>> giving =
        () -> {
          try {
            if (away || nfsVersion == 3 && !serves3 || nfsVersion == 4 && !serves4) {
              return Future.failedFuture(new TimeoutException("silence"));
            }
            if (busyTimes > 0) {
              busyTimes--;
              beforeBusy.run();
              throw new NfsStatusException(DELAY);
            }
            return Future.succeededFuture(answer.give());
          } catch (NfsStatusException refused) {
            return Future.failedFuture(refused);
          }
        };
    Promise<Void> turn = Promise.promise();
    synchronized (held) {
      if (holding) {
        held.add(turn);
        return turn.future().compose(now -> giving.get());
      }
    }
    return giving.get();
  }

  private Filehandle handle(Node node, int nfsVersion) {
    byte[] bytes = node.handle.bytes();
    return handlesDiffer && nfsVersion == 3
        ? Filehandle.of(Arrays.copyOf(bytes, bytes.length + 1))
        : node.handle;
  }

  private Node node(Filehandle handle, int nfsVersion) throws NfsStatusException {
    boolean isOfThree = handlesDiffer && nfsVersion == 3;
    boolean isLonger = handle.length() == Long.BYTES + 1;
    if (handlesDiffer && isLonger != isOfThree) {
      throw new NfsStatusException(BADHANDLE);
    }
    return node(isOfThree ? Filehandle.of(Arrays.copyOf(handle.bytes(), Long.BYTES)) : handle);
  }

  private Node node(Filehandle handle) throws NfsStatusException {
    Node node = nodes.get(handle);
    if (node == null) {
      throw new NfsStatusException(STALE);
    }
    if (node.status != 0) {
      throw new NfsStatusException(node.status);
    }
    return node;
  }

  static ObjectIdentity identity(Node node, int nfsVersion) {
    return nfsVersion == 4
        ? new ObjectIdentity(
            node.filesystem.major(), node.filesystem.minor(), node.fileid, node.type)
        : new ObjectIdentity(node.filesystem.fsid3(), 0, node.fileid, node.type);
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return answer("identify", nfsVersion, () -> identity(node(handle, nfsVersion), nfsVersion));
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return answer(
        "parent",
        nfsVersion,
        () -> handle(above(node(directory, nfsVersion), nfsVersion), nfsVersion));
  }

  private static Node above(Node node, int nfsVersion) throws NfsStatusException {
    if (node.type != 2) {
      throw new NfsStatusException(NOTDIR);
    }
    if (nfsVersion == 4 && node.above == null) {
      throw new NfsStatusException(NOENT);
    }
    boolean top = node.above == null || !node.above.filesystem.equals(node.filesystem);
    return nfsVersion == 3 && top ? node : node.above;
  }

  @Override
  public Future<Found> find(String path, int nfsVersion) {
    return answer(
        "find",
        nfsVersion,
        () -> {
          if (nfsVersion == 3 && !listed.contains(path)) {
            throw new NfsStatusException(ACCES);
          }
          Node at = root;
          for (String name : path.substring(1).split("/")) {
            at = name.isEmpty() ? at : child(at, name);
          }
          return new Found(handle(at, nfsVersion), identity(at, nfsVersion));
        });
  }

  private Node child(Node directory, String name) throws NfsStatusException {
    Node child = node(directory.handle).names.get(name);
    if (child == null) {
      throw new NfsStatusException(NOENT);
    }
    return child;
  }

  @Override
  public Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    return answer(
        "lookUp",
        nfsVersion,
        () -> {
          Node child = child(node(directory, nfsVersion), new String(name, StandardCharsets.UTF_8));
          return new Found(handle(child, nfsVersion), identity(child, nfsVersion));
        });
  }

  /** As Linux: out of a filesystem into a plain directory, there is a handle good for nothing. */
  @Override
  public Future<Found> above(Filehandle directory, int levels, int nfsVersion) {
    return answer(
        "above",
        nfsVersion,
        () -> {
          Node at = node(directory);
          Node before = at;
          for (int i = 0; i < levels; i++) {
            before = at;
            at = above(at, nfsVersion);
          }
          node(at.handle);
          boolean isPlain = at.above != null && at.above.filesystem.equals(at.filesystem);
          boolean leaves = !before.filesystem.equals(at.filesystem);
          Filehandle useless = Filehandle.of(Unpooled.buffer(9).writeLong(at.fileid).array());
          return new Found(leaves && isPlain ? useless : at.handle, identity(at, nfsVersion));
        });
  }

  @Override
  public Future<String> nameOf(Filehandle directory, int levels, int nfsVersion) {
    return answer(
        "nameOf",
        nfsVersion,
        () -> {
          Node child = node(directory);
          for (int i = 1; i < levels; i++) {
            child = above(child, nfsVersion);
          }
          for (Map.Entry<String, Node> entry :
              node(above(child, nfsVersion).handle).names.entrySet()) {
            if (entry.getValue() == child) {
              return entry.getKey();
            }
          }
          throw new NfsStatusException(NOENT);
        });
  }

  @Override
  public Future<List<String>> exports() {
    asked.computeIfAbsent("exports", q -> new AtomicInteger()).incrementAndGet();
    return Future.succeededFuture(List.copyOf(listed));
  }

  @Override
  public Future<List<String>> nestedExports() {
    asked.computeIfAbsent("nestedExports", q -> new AtomicInteger()).incrementAndGet();
    return Future.succeededFuture(List.copyOf(nested));
  }
}
