package org.nfsproxy.server.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.admin.Page.Answer;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.locks.HeldLock;
import org.nfsproxy.server.locks.LockService;
import org.nfsproxy.server.locks.wire.ShareMode;

/** Who may hold locks of NFSv3, and the end of those of a client that does not come back. */
public final class LockPages {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int NOT_FOUND = 404;
  private static final int MISDIRECTED = 421;
  private static final int UNAVAILABLE = 503;
  private static final int NFS_VERSION = 3;
  private static final long PATIENCE_SECONDS = 5;

  private LockPages() {}

  /**
   * The page.
   *
   * @param locks null if locks are refused
   * @param exports tells which filesystem a file is in
   */
  public static Page page(@Nullable LockService locks, Exports exports) {
    return () -> {
      if (locks == null) {
        return new Answer(OK, new JsonObject().put("enabled", false).put("locks", new JsonArray()));
      }
      LockService.Owner owner = locks.owner();
      if (owner.place() != LockService.Place.HERE) {
        return new Answer(OK, elsewhere(owner).put("enabled", true));
      }
      try {
        List<HeldLock> held =
            locks.list().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, SECONDS);
        return new Answer(
            OK, new JsonObject().put("enabled", true).put("locks", rows(held, exports)));
      } catch (ExecutionException | TimeoutException late) {
        return new Answer(UNAVAILABLE, error(String.valueOf(late.getMessage())));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new Answer(UNAVAILABLE, error("interrupted"));
      }
    };
  }

  private static final TimeUnit SECONDS = TimeUnit.SECONDS;

  /** By the values of fsh4_access and fsh4_mode. */
  private static final String[] DONE_TO_FILES = {"nothing", "read", "write", "readWrite"};

  private static JsonObject error(String text) {
    return new JsonObject().put("error", text);
  }

  // Where they are, and no list: an empty one would read as if nobody had a lock.
  private static JsonObject elsewhere(LockService.Owner owner) {
    return new JsonObject()
        .put("owner", owner.instance().isEmpty() ? null : owner.instance())
        .put("page", owner.page().isEmpty() ? null : owner.page());
  }

  private static Answer notHere(LockService.Owner owner) {
    String why =
        owner.place() == LockService.Place.ELSEWHERE
            ? "instance %s has the locks: ask that one%s"
                .formatted(owner.instance(), owner.page().isEmpty() ? "" : ", at " + owner.page())
            : "no instance that this one reaches has locks.address: nobody serves locks now";
    return new Answer(
        owner.place() == LockService.Place.ELSEWHERE ? MISDIRECTED : UNAVAILABLE,
        elsewhere(owner).put("error", why));
  }

  private static JsonArray rows(List<HeldLock> held, Exports exports) {
    JsonArray rows = new JsonArray();
    held.stream()
        .sorted(Comparator.comparing(HeldLock::sinceMillis))
        .forEach(lock -> rows.add(row(lock, exports)));
    return rows;
  }

  private static JsonObject row(HeldLock lock, Exports exports) {
    JsonArray ranges = new JsonArray();
    for (HeldLock.HeldRange range : lock.held()) {
      ranges.add(range(range.first(), range.last()));
    }
    JsonArray waiting = new JsonArray();
    lock.waiting()
        .forEach(
            wait ->
                waiting.add(
                    range(wait.offset(), wait.last()).put("exclusive", wait.isExclusive())));
    ShareMode share = lock.share();
    JsonObject row =
        new JsonObject()
            .put("client", NetUtil.toAddressString(lock.client()))
            .put("name", lock.name())
            .put("svid", share == null ? Integer.toUnsignedLong(lock.svid()) : null)
            .put("svidAtOrigin", share == null ? Integer.toUnsignedLong(lock.svidAtOrigin()) : null)
            .put("export", path(lock.handle(), exports))
            .put("handle", lock.handle().toString())
            .put("exclusive", lock.isExclusive())
            .put("ranges", ranges)
            .put("waiting", waiting)
            .put("since", Instant.ofEpochMilli(lock.sinceMillis()).toString());
    return share == null ? row : row.put("share", share(share));
  }

  private static JsonObject share(ShareMode share) {
    return new JsonObject()
        .put("access", DONE_TO_FILES[share.access()])
        .put("deny", DONE_TO_FILES[share.deny()]);
  }

  /** Both ends are the file's bytes; null for the end of a range that has none. */
  private static JsonObject range(long first, long last) {
    return new JsonObject()
        .put("first", Long.toUnsignedString(first))
        .put("last", last == -1 ? null : Long.toUnsignedString(last));
  }

  private static @Nullable String path(Filehandle handle, Exports exports) {
    ByteBuf bytes = Unpooled.wrappedBuffer(handle.bytes());
    Export export = exports.likely(bytes, 0, handle.length(), NFS_VERSION);
    return export == null || export.paths().isEmpty() ? null : export.paths().get(0);
  }

  /**
   * The action.
   *
   * @param locks null if locks are refused
   * @return takes a client's address
   */
  public static Action release(@Nullable LockService locks) {
    return parameters -> {
      ActionQuery query =
          new ActionQuery(parameters, "/locks/release?client=ADDRESS", Set.of("client"));
      if (locks == null) {
        return Future.succeededFuture(new Answer(UNAVAILABLE, error("locks are refused here")));
      }
      InetAddress client = query.address("client");
      LockService.Owner owner = locks.owner();
      if (owner.place() != LockService.Place.HERE) {
        return Future.succeededFuture(notHere(owner));
      }
      String shown = NetUtil.toAddressString(client);
      return locks
          .held(client)
          .map(
              files -> {
                if (files == 0) {
                  String why =
                      "nobody has locks from %s: nothing is released. GET /locks lists who has";
                  return new Answer(NOT_FOUND, error(why.formatted(shown)));
                }
                locks.release(client);
                JsonObject begun = new JsonObject().put("releasing", shown).put("files", files);
                return new Answer(ACCEPTED, begun);
              });
    };
  }
}
