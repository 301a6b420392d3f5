package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.nfsproxy.backend.DirectoryPage;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.OwnRead;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.backend.ReadOrigin;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.fakes.QuestionedBackend;

/** An origin with a tree of files, whose handles are their paths. */
final class TreeOrigin implements QuestionedBackend, ReadOrigin {
  static final int REGULAR = 1;
  static final int DIRECTORY = 2;
  static final int LINK = 5;
  static final int FIFO = 7;

  private static final int PAGE = 3;

  /** Something in the tree. */
  static final class Node {
    final int type;
    final long fsid;
    final long fileid;
    byte[] data = new byte[0];
    long changedSeconds;
    long toldSize = -1;
    long toldFileid;
    boolean tellsAttributes = true;
    int status;
    int answerBytesMax = Integer.MAX_VALUE;
    Runnable beforeRead = () -> {};

    Node(int type, long fsid, long fileid) {
      this.type = type;
      this.fsid = fsid;
      this.fileid = fileid;
      this.toldFileid = fileid;
    }

    void write(byte[] bytes, long nowMillis) {
      data = bytes;
      changedSeconds = nowMillis / 1000;
    }
  }

  /** A READ that waits for the test. */
  private record Held(Promise<OwnRead> promise, Future<OwnRead> answer, int count) {}

  final TreeMap<String, Node> nodes = new TreeMap<>();
  final List<String> reads = new ArrayList<>();
  final List<CallCredential> readers = new ArrayList<>();
  private final List<Held> held = new ArrayList<>();
  boolean isHolding;
  Exception down;
  boolean isEndless;
  long bytesInFlightMax;

  TreeOrigin() {
    put("/", DIRECTORY, 1);
    put("/export", DIRECTORY, 2);
  }

  Node put(String path, int type, long fsid) {
    Node node = new Node(type, fsid, nodes.size() + 100);
    nodes.put(path, node);
    return node;
  }

  /** A file that was written at a time. */
  Node file(String path, byte[] data, long atMillis) {
    Node node = put(path, REGULAR, 2);
    node.write(data, atMillis);
    return node;
  }

  @Override
  public Optional<ReadOrigin> readOrigin() {
    return Optional.of(this);
  }

  @Override
  public Future<List<String>> exports() {
    return Future.succeededFuture(List.of("/", "/export"));
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<Found> find(String path, int nfsVersion) {
    if (!path.equals("/") && !path.equals("/export")) {
      return Future.failedFuture(new NfsStatusException(13));
    }
    return found(path);
  }

  private Future<Found> found(String path) {
    Node node = nodes.get(path);
    return down != null
        ? Future.failedFuture(down)
        : node == null
            ? Future.failedFuture(new NfsStatusException(2))
            : Future.succeededFuture(new Found(handle(path), identity(node)));
  }

  static Filehandle handle(String path) {
    return Filehandle.of(path.getBytes(StandardCharsets.UTF_8));
  }

  private static String path(Filehandle handle) {
    return new String(handle.bytes(), StandardCharsets.UTF_8);
  }

  private static ObjectIdentity identity(Node node) {
    return new ObjectIdentity(node.fsid, 0, node.fileid, node.type);
  }

  @Override
  public Future<Found> lookUp(
      Filehandle directory, byte[] name, int nfsVersion, CallCredential as) {
    readers.add(as);
    String above = path(directory);
    if (nodes.get(above).type != DIRECTORY) {
      return Future.failedFuture(new NfsStatusException(20));
    }
    return found(PathName.below(above, new String(name, StandardCharsets.UTF_8)));
  }

  @Override
  public Future<DirectoryPage> list(
      Filehandle directory, int nfsVersion, CallCredential as, DirectoryPage behind) {
    readers.add(as);
    String above = path(directory);
    String beginning = above.equals("/") ? "/" : above + "/";
    List<DirectoryPage.Entry> all = new ArrayList<>();
    for (String each : nodes.keySet()) {
      if (each.startsWith(beginning)
          && each.length() > beginning.length()
          && each.indexOf('/', beginning.length()) < 0) {
        all.add(
            new DirectoryPage.Entry(
                each.substring(beginning.length()).getBytes(StandardCharsets.UTF_8),
                handle(each),
                identity(nodes.get(each))));
      }
    }
    int from = isEndless ? 0 : (int) behind.cookie();
    int to = Math.min(all.size(), from + PAGE);
    boolean isLast = !isEndless && to == all.size();
    return Future.succeededFuture(new DirectoryPage(all.subList(from, to), to, 0, isLast));
  }

  @Override
  public Future<OwnRead> read(
      Filehandle file, int nfsVersion, CallCredential as, long offset, int count) {
    String path = path(file);
    Node node = nodes.get(path);
    readers.add(as);
    reads.add(path + " " + offset + " " + count);
    node.beforeRead.run();
    Future<OwnRead> answer = answer(node, nfsVersion, offset, count);
    if (!isHolding || count == 1) {
      return answer;
    }
    Promise<OwnRead> promise = Promise.promise();
    held.add(new Held(promise, answer, count));
    bytesInFlightMax =
        Math.max(bytesInFlightMax, held.stream().mapToLong(each -> each.count).sum());
    return promise.future();
  }

  /** Answers the oldest READ that waits; false if none does. */
  boolean answerOne() {
    if (held.isEmpty()) {
      return false;
    }
    Held first = held.remove(0);
    first.answer.onComplete(first.promise);
    return true;
  }

  private Future<OwnRead> answer(Node node, int nfsVersion, long offset, int count) {
    if (down != null) {
      return Future.failedFuture(down);
    }
    if (node.status != 0) {
      return Future.failedFuture(new NfsStatusException(node.status));
    }
    int from = (int) Math.min(offset, node.data.length);
    int to = Math.min(node.data.length, from + Math.min(count, node.answerBytesMax));
    ByteBuf reply = Unpooled.buffer();
    reply.writeInt(4711); // what stands in front
    int dataAt = reply.writerIndex();
    reply.writeBytes(Arrays.copyOfRange(node.data, from, to));
    int attributesAt = node.tellsAttributes ? reply.writerIndex() : -1;
    long size =
        node.toldSize < 0 && node.toldSize != Long.MIN_VALUE ? node.data.length : node.toldSize;
    if (nfsVersion == 3) {
      fattr3(reply, node, size);
    } else {
      fattr4(reply, node, size);
    }
    return Future.succeededFuture(
        new OwnRead(reply, dataAt, to - from, to == node.data.length, attributesAt));
  }

  private static void fattr3(ByteBuf out, Node node, long size) {
    out.writeInt(1).writeInt(0644).writeInt(1).writeInt(0).writeInt(0);
    out.writeLong(size).writeLong(size).writeLong(0);
    out.writeLong(node.fsid).writeLong(node.toldFileid).writeLong(0);
    out.writeInt((int) node.changedSeconds).writeInt(0);
    out.writeInt((int) node.changedSeconds).writeInt(0);
  }

  private static void fattr4(ByteBuf out, Node node, long size) {
    out.writeInt(2).writeInt(0x100118).writeInt(0x300000).writeInt(64);
    out.writeLong(node.changedSeconds).writeLong(size);
    out.writeLong(node.fsid).writeLong(0).writeLong(node.toldFileid);
    out.writeLong(node.changedSeconds).writeInt(0);
    out.writeLong(node.changedSeconds).writeInt(0);
  }
}
