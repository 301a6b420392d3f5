package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.cache.Heard;
import org.nfsproxy.server.call.OpenQuestions;
import org.nfsproxy.server.exports.Asker;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;

/**
 * What must be asked of the origin before a batch can be judged, and the answers. One for each
 * batch that has a question; used by one worker at a time.
 */
// A batch is judged, its open questions are asked at once, and when they are answered it is
// judged again. An answer stays here until the batch is done, so each round gets further. Beyond
// the bound of a connection a question is not asked yet, and its call waits for the next round: so
// a connection has few questions in the gate, however many calls it sends.
final class PendingLookups implements OpenQuestions {
  private static final int NFS4ERR_NOENT = 2;
  private static final int NFS4ERR_NOTDIR = 20;
  private static final int NFS4ERR_NAMETOOLONG = 63;
  private static final int NFS4ERR_STALE = 70;
  private static final int NFS4ERR_BADHANDLE = 10001;
  private static final int NFS4ERR_FHEXPIRED = 10014;

  /** NFS3ERR_JUKEBOX and NFS4ERR_DELAY. */
  static final int LATER = 10008;

  private record About(Filehandle handle, int nfsVersion) {}

  private record Above(Filehandle directory, int levels, int nfsVersion) {}

  private record Child(Filehandle directory, ByteBuffer name, int nfsVersion) {}

  private record At(String path, int nfsVersion) {}

  private record Read(int call) {}

  private final Exports exports;
  private final Map<Object, Future<?>> asked = new HashMap<>();
  private final Set<Future<?>> open = new LinkedHashSet<>();
  private Asker asker;

  /** An answer: what was found, or why not. */
  record Answer<T>(@Nullable T found, @Nullable Throwable failure) {
    /**
     * Whether the origin says that there is no such object or name now. There may be one when a
     * call gets there, so nothing is allowed by it.
     */
    boolean isNotThere() {
      return failure instanceof NfsStatusException no
          && switch (no.status()) {
            case NFS4ERR_NOENT,
                NFS4ERR_NOTDIR,
                NFS4ERR_NAMETOOLONG,
                NFS4ERR_STALE,
                NFS4ERR_BADHANDLE,
                NFS4ERR_FHEXPIRED ->
                true;
            default -> false;
          };
    }

    /**
     * Whether the origin said "later" as often as it was asked (JUKEBOX, DELAY). That may be over
     * when the call gets there, so it is not left to the origin.
     */
    boolean isLater() {
      return failure instanceof NfsStatusException no && no.status() == LATER;
    }

    /** Whether nobody answered: the client must try again, since nothing can be said. */
    boolean isSilence() {
      return failure != null && !(failure instanceof NfsStatusException);
    }
  }

  PendingLookups(Exports exports, Asker asker) {
    this.exports = exports;
    this.asker = asker;
  }

  /** Who waits for the answers: the connection whose batch it is. */
  PendingLookups askedBy(Asker asker) {
    this.asker = asker;
    return this;
  }

  /** The export of a handle in a record, if nobody need be asked for it; else null. */
  @Nullable Export known(ByteBuf record, int at, int length, int nfsVersion) {
    Export known = exports.find(record, at, length, nfsVersion);
    return isPlaced(known) ? known : null;
  }

  // Learnt in passing, a filesystem has no path at first, and rules of paths cannot be applied.
  // Asking connects it, if that can be done.
  static boolean isPlaced(@Nullable Export export) {
    return export != null && export.state() != Export.State.DISCONNECTED;
  }

  /** The export of a handle; null until it is answered. */
  @Nullable Answer<Export> export(Filehandle handle, int nfsVersion) {
    return ask(new About(handle, nfsVersion), () -> exports.resolve(handle, nfsVersion, asker));
  }

  /** What a name leads to; null until it is answered. */
  @Nullable Answer<Found> child(Filehandle directory, byte[] name, int nfsVersion) {
    return ask(
        new Child(directory, ByteBuffer.wrap(name), nfsVersion),
        () -> exports.lookUp(directory, name, nfsVersion, asker));
  }

  /** What is some levels above a directory; null until it is answered. */
  @Nullable Answer<Found> above(Filehandle directory, int levels, int nfsVersion) {
    return ask(
        new Above(directory, levels, nfsVersion),
        () -> exports.lookAbove(directory, levels, nfsVersion, asker));
  }

  /** The object at a path, as MNT gives it for version 3; null until it is answered. */
  @Nullable Answer<Found> path(String path, int nfsVersion) {
    return ask(new At(path, nfsVersion), () -> exports.lookUpPath(path, nfsVersion, asker));
  }

  /** The root of the namespace; null until it is answered. */
  @Nullable Answer<Found> root(int nfsVersion) {
    return ask(nfsVersion, () -> exports.lookUpPath("/", nfsVersion, asker));
  }

  /**
   * What other instances say of a READ, for which nobody waits long.
   *
   * @param call its number in the batch
   * @param question asks them; null if they need not be
   * @return null until it is said
   */
  @Nullable Heard heard(int call, Supplier<@Nullable Future<Heard>> question) {
    Read about = new Read(call);
    Future<?> answer = asked.get(about);
    if (answer == null) {
      answer = question.get();
      if (answer == null) {
        return Heard.NOTHING;
      }
      asked.put(about, answer);
    }
    if (!answer.isComplete()) {
      open.add(answer);
      return null;
    }
    return answer.succeeded() ? (Heard) answer.result() : Heard.NOTHING;
  }

  @SuppressWarnings("unchecked")
  private <T> @Nullable Answer<T> ask(Object about, Supplier<Future<T>> question) {
    Future<T> answer = (Future<T>) asked.get(about);
    if (answer == null) {
      if (open.size() >= exports.questionsPerConnectionMax()) {
        return null;
      }
      answer = question.get();
      asked.put(about, answer);
    }
    if (!answer.isComplete()) {
      open.add(answer);
      return null;
    }
    return answer.succeeded()
        ? new Answer<>(answer.result(), null)
        : new Answer<>(null, answer.cause());
  }

  /** Whether nothing was asked, so that this may serve another batch. */
  boolean isUnasked() {
    return asked.isEmpty();
  }

  /** The questions that have no answer yet, as one; null if all are answered. */
  @Nullable Future<?> takeOpen() {
    if (open.isEmpty()) {
      return null;
    }
    Future<?> all = Future.join(new ArrayList<>(open));
    open.clear();
    return all;
  }
}
