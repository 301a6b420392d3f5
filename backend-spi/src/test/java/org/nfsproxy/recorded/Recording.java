package org.nfsproxy.recorded;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * RPC records that went between a real client and a real server, and what another program says is
 * in them. {@code .ci/recorded.d/recordings} says what the two files of a recording look like.
 *
 * @param name the file's name without its ending
 * @param records in the order of the file
 */
// -Drecordings=FOLDER reads others in place of those that are kept.
record Recording(String name, List<Recorded> records) {

  /**
   * One record.
   *
   * @param message its bytes, without marker
   * @param told what the other program found
   */
  record Recorded(ByteBuf message, JsonObject told) {
    boolean isCall() {
      return told.getString("kind").equals("call");
    }

    int number(String key) {
      return told.getLong(key, 0L).intValue();
    }

    List<Object> list(String key) {
      List<Object> found = new ArrayList<>();
      for (Object each : told.getJsonArray(key, new JsonArray())) {
        found.add(each instanceof JsonArray array ? array.getList() : each);
      }
      return found;
    }
  }

  static List<Recording> all() {
    Path folder = Path.of(System.getProperty("recordings", "src/test/resources/recorded"));
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(".rpc"))
          .sorted()
          .map(file -> read(file.substring(0, file.length() - ".rpc".length())))
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Recording read(String prefix) {
    try {
      ByteBuf bytes = Unpooled.wrappedBuffer(Files.readAllBytes(Path.of(prefix + ".rpc")));
      JsonArray told = new JsonArray(Files.readString(Path.of(prefix + ".json")));
      List<Recorded> records = new ArrayList<>();
      while (bytes.isReadable()) {
        int length = bytes.readInt() & 0x7fff_ffff;
        records.add(new Recorded(bytes.readSlice(length), told.getJsonObject(records.size())));
      }
      if (records.size() != told.size()) {
        throw new IllegalStateException(prefix + ": " + records.size() + " of " + told.size());
      }
      return new Recording(Path.of(prefix).getFileName().toString(), records);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
