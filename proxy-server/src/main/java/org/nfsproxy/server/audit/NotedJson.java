package org.nfsproxy.server.audit;

import io.netty.buffer.ByteBufUtil;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.call.CallNote;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.call.NotedObject;
import org.nfsproxy.server.call.NotedOperation;

/** What was noted of calls, as JSON. */
public final class NotedJson {
  private static final int PRINTABLE_FIRST = 0x20;
  private static final int PRINTABLE_LAST = 0x7e;

  private NotedJson() {}

  /**
   * Who calls, as the client claims.
   *
   * @param json is given {@code flavor}, {@code uid} and {@code gid}
   */
  public static void putCaller(JsonObject json, CallNote note) {
    json.put("flavor", note.flavor())
        .put("uid", note.user() == CallSummary.NO_USER ? null : note.user())
        .put("gid", note.group() == CallNote.NO_GROUP ? null : note.group());
  }

  /**
   * The xid, as the log and packet recorders write it.
   *
   * @param xid as on the wire
   */
  public static String xid(int xid) {
    return "%08x".formatted(xid);
  }

  /**
   * What an operation acts on.
   *
   * @param json is given {@code objects}, and {@code attribute} if there is one
   */
  public static void putObjects(JsonObject json, NotedOperation operation) {
    JsonArray objects = new JsonArray();
    operation.objects().forEach(each -> objects.add(object(each)));
    json.put("objects", objects);
    if (operation.attribute() != null) {
      json.put("attribute", WireName.text(operation.attribute()));
    }
  }

  private static JsonObject object(NotedObject object) {
    JsonArray names = new JsonArray();
    object.names().forEach(name -> names.add(WireName.text(name)));
    JsonObject json = new JsonObject().put("handle", hex(object.handle())).put("names", names);
    return object.isCut() ? json.put("cut", true) : json;
  }

  private static @Nullable String hex(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBufUtil.hexDump(bytes);
  }

  private static boolean isPrintable(int next) {
    return next >= PRINTABLE_FIRST && next <= PRINTABLE_LAST;
  }

  /**
   * An object on one line of printable ASCII, whatever clients chose its texts to be.
   *
   * @return the line, without its end
   */
  // What is not ASCII can only stand within strings, where JSON has an escape for it. So no
  // terminal is told anything, whoever looks at the file.
  public static String line(JsonObject json) {
    String encoded = json.encode();
    if (encoded.chars().allMatch(NotedJson::isPrintable)) {
      return encoded;
    }
    StringBuilder line = new StringBuilder(encoded.length() + 16);
    for (int i = 0; i < encoded.length(); i++) {
      char next = encoded.charAt(i);
      if (isPrintable(next)) {
        line.append(next);
      } else {
        line.append("\\u%04x".formatted((int) next));
      }
    }
    return line.toString();
  }
}
