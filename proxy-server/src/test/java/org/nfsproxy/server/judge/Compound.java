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

  Compound getfh() {
    return add(10, words());
  }

  Compound savefh() {
    return add(32, words());
  }

  Compound restorefh() {
    return add(31, words());
  }

  /** Makes a directory. */
  Compound create(String name) {
    return add(6, words(2).andThen(Calls.name(name)).andThen(words(0, 0)));
  }

  Compound remove() {
    return add(28, Calls.name("victim"));
  }

  /** What the judge puts in: that the current filehandle is of this filesystem. */
  Compound verifyFsid(long major) {
    return add(37, out -> out.int32(1).int32(0x100).int32(16).int64(major).int64(0));
  }

  Compound secinfo(String name) {
    return add(33, Calls.name(name));
  }

  Compound access(int asked) {
    return add(3, words(asked));
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

  /** The same, but creating nothing and with a name of no bytes. */
  Compound openNothing(int access) {
    return add(
        18,
        out -> {
          out.int32(1).int32(access).int32(0).int64(5).string("owner");
          out.int32(0).int32(0).int32(0);
        });
  }

  /** Reclaims what it is at (CLAIM_PREVIOUS), to read and write. */
  Compound reclaim() {
    return add(
        18,
        out -> {
          out.int32(1).int32(3).int32(0).int64(5).string("owner");
          out.int32(0).int32(1).int32(0);
        });
  }

  Compound exchangeId() {
    return add(42, out -> out.int64(3).string("owner").int32(0).int32(0).int32(0));
  }

  Compound exchangeId(byte[] owner, int flags) {
    return add(42, out -> out.int64(3).opaque(owner).int32(flags).int32(0).int32(0));
  }

  Compound setclientid(byte[] id) {
    return add(
        35,
        out ->
            out.int64(3)
                .opaque(id)
                .int32(0x40000000)
                .string("tcp")
                .string("10.0.0.1.3.4")
                .int32(1));
  }

  Compound write(byte[] payload) {
    return add(38, out -> out.fixed(new byte[16]).int64(0).int32(2).opaque(payload));
  }

  /** An operation that no table has. */
  Compound unknown() {
    return add(9999, words());
  }

  /** Asks for the attributes of these words of a bitmap. */
  Compound getattr(int... bitmap) {
    return add(9, words(bitmap.length).andThen(words(bitmap)));
  }

  Compound readdir(int... bitmap) {
    return add(
        26,
        out -> {
          out.int64(0).int64(0).int32(512).int32(4096).int32(bitmap.length);
          words(bitmap).accept(out);
        });
  }

  Compound layoutget() {
    return add(
        50,
        out ->
            out.int32(0)
                .int32(1)
                .int32(1)
                .int64(0)
                .int64(-1)
                .int64(4096)
                .fixed(new byte[16])
                .int32(99));
  }

  Compound getdeviceinfo() {
    return add(47, out -> out.fixed(new byte[16]).int32(1).int32(4096).int32(0));
  }

  /** COPY from servers of these names, or within one. */
  Compound copy(String... sources) {
    return add(
        60,
        out -> {
          out.fixed(new byte[32]).int64(0).int64(0).int64(100).int32(1).int32(1);
          out.int32(sources.length);
          for (String source : sources) {
            out.int32(1).string(source);
          }
        });
  }

  Compound copyNotify(String destination) {
    return add(61, out -> out.fixed(new byte[16]).int32(1).string(destination));
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
