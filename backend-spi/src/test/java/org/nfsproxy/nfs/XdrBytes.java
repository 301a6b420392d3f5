package org.nfsproxy.nfs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes XDR (RFC 4506) by itself, so that tests do not compare the product with the product.
 *
 * @param <W> the writer's own type
 */
public class XdrBytes<W extends XdrBytes<W>> {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @SuppressWarnings("unchecked")
  private W self() {
    return (W) this;
  }

  public final W word(int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.write(value >>> shift);
    }
    return self();
  }

  public final W words(int... values) {
    for (int value : values) {
      word(value);
    }
    return self();
  }

  public final W hyper(long value) {
    return word((int) (value >>> 32)).word((int) value);
  }

  /** Fixed-length opaque data of a byte repeated, with padding. */
  public final W fixed(int length, int filler) {
    for (int i = 0; i < length; i++) {
      bytes.write(filler);
    }
    return pad(length);
  }

  /** Bytes as they are, with padding. */
  public final W raw(byte[] value) {
    bytes.writeBytes(value);
    return pad(value.length);
  }

  public final W opaque(byte[] value) {
    return word(value.length).raw(value);
  }

  public final W opaque(int length, int filler) {
    return word(length).fixed(length, filler);
  }

  public final W text(String value) {
    return opaque(value.getBytes(StandardCharsets.UTF_8));
  }

  private W pad(int length) {
    for (int i = length; i % 4 != 0; i++) {
      bytes.write(0);
    }
    return self();
  }

  public final int length() {
    return bytes.size();
  }

  public byte[] bytes() {
    return bytes.toByteArray();
  }
}
