package org.nfsproxy.server.cluster;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What one instance says about a topic.
 *
 * @param owner the member that said it: when it leaves, its statements are void
 * @param text what was said; never changed
 */
// key    TOPIC|INSTANCE
// value  1 byte: form 1 | 16 bytes: the member's UUID | the text
record Statement(UUID owner, String topic, String instance, byte[] text) {
  static final int FORM = 1;
  static final int TEXT_BYTES_MAX = 16 << 10;
  static final int BYTES_MAX = 17 + TEXT_BYTES_MAX;
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  Statement {
    if (!TOPIC.matcher(topic).matches() || !INSTANCE.matcher(instance).matches()) {
      throw new IllegalArgumentException("its topic or instance is no word");
    }
    if (text.length > TEXT_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a statement of " + text.length + " bytes, at most " + TEXT_BYTES_MAX);
    }
  }

  String key() {
    return topic + "|" + instance;
  }

  byte[] write() {
    return ByteBuffer.allocate(17 + text.length)
        .put((byte) FORM)
        .putLong(owner.getMostSignificantBits())
        .putLong(owner.getLeastSignificantBits())
        .put(text)
        .array();
  }

  static Statement read(String key, byte[] value) {
    int bar = key.indexOf('|');
    if (bar < 0) {
      throw new IllegalArgumentException("its key is none of ours");
    }
    try {
      ByteBuffer in = ByteBuffer.wrap(value);
      int form = in.get();
      if (form != FORM) {
        throw new IllegalArgumentException("its form is " + form + ", expected " + FORM);
      }
      UUID owner = new UUID(in.getLong(), in.getLong());
      byte[] text = new byte[in.remaining()];
      in.get(text);
      return new Statement(owner, key.substring(0, bar), key.substring(bar + 1), text);
    } catch (BufferUnderflowException cut) {
      throw new IllegalArgumentException("its value is no statement", cut);
    }
  }

  @Override
  public String toString() {
    return key() + ": " + new String(text, StandardCharsets.UTF_8);
  }
}
