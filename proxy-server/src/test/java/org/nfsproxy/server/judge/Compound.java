package org.nfsproxy.server.judge;

import static org.nfsproxy.server.judge.Calls.handle;
import static org.nfsproxy.server.judge.Calls.words;

import java.util.function.Consumer;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

/** Writes a COMPOUND, RFC 7531 and RFC 5662. */
final class Compound {
  private final int minorVersion;
  private Consumer<XdrWriter> operations = out -> {};
  private int count;

  private Compound(int minorVersion) {
    this.minorVersion = minorVersion;
  }

  static Compound minor(int minorVersion) {
    return new Compound(minorVersion);
  }

  Compound sequence() {
    return add(53, out -> out.fixed(new byte[16]).int32(9).int32(0).int32(0).int32(0));
  }

  Compound putfh(String path) {
    return add(22, handle(path));
  }

  Compound putrootfh() {
    return add(24, words());
  }

  Compound lookup(String name) {
    return add(15, Calls.name(name));
  }

  Compound lookupp() {
    return add(16, words());
  }

  Compound savefh() {
    return add(32, words());
  }

  Compound restorefh() {
    return add(31, words());
  }

  Compound remove() {
    return add(28, Calls.name("victim"));
  }

  Compound rename() {
    return add(29, Calls.name("from").andThen(Calls.name("to")));
  }

  Compound getattr() {
    return add(9, words(1, 0x10));
  }

  /** With these bits of share access: 1 to read, 2 to write. */
  Compound open(int access) {
    return open(access, "file");
  }

  Compound open(int access, String name) {
    return add(
        18,
        out -> {
          out.int32(1).int32(access).int32(0).int64(5).string("owner");
          out.int32(0).int32(0).string(name);
        });
  }

  Compound exchangeId() {
    return add(42, out -> out.int64(3).string("owner").int32(0).int32(0).int32(0));
  }

  private Compound add(int number, Consumer<XdrWriter> arguments) {
    operations = operations.andThen(out -> out.int32(number)).andThen(arguments);
    count++;
    return this;
  }

  byte[] record() {
    return Calls.of(Wire.NFS, 4, 1, arguments());
  }

  Consumer<XdrWriter> arguments() {
    return words(0, minorVersion, count).andThen(operations);
  }
}
