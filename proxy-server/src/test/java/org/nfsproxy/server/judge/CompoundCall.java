package org.nfsproxy.server.judge;

import static org.nfsproxy.server.judge.JudgedCalls.handle;
import static org.nfsproxy.server.judge.JudgedCalls.words;

import java.util.function.Consumer;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

/** Writes a COMPOUND, RFC 7531 and RFC 5662. */
final class CompoundCall {
  private final int minorVersion;
  private Consumer<XdrWriter> operations = out -> {};
  private int count;

  private CompoundCall(int minorVersion) {
    this.minorVersion = minorVersion;
  }

  static CompoundCall minor(int minorVersion) {
    return new CompoundCall(minorVersion);
  }

  CompoundCall sequence() {
    return add(53, out -> out.fixed(new byte[16]).int32(9).int32(0).int32(0).int32(0));
  }

  CompoundCall putfh(String path) {
    return add(22, handle(path));
  }

  CompoundCall putrootfh() {
    return add(24, words());
  }

  CompoundCall lookup(String name) {
    return add(15, JudgedCalls.name(name));
  }

  CompoundCall lookupp() {
    return add(16, words());
  }

  CompoundCall getfh() {
    return add(10, words());
  }

  CompoundCall savefh() {
    return add(32, words());
  }

  CompoundCall restorefh() {
    return add(31, words());
  }

  /** Makes a directory. */
  CompoundCall create(String name) {
    return add(6, words(2).andThen(JudgedCalls.name(name)).andThen(words(0, 0)));
  }

  CompoundCall remove() {
    return add(28, JudgedCalls.name("victim"));
  }

  /** What the judge puts in: that the current filehandle is of this filesystem. */
  CompoundCall verifyFsid(long major) {
    return add(37, out -> out.int32(1).int32(0x100).int32(16).int64(major).int64(0));
  }

  CompoundCall secinfo(String name) {
    return add(33, JudgedCalls.name(name));
  }

  CompoundCall access(int asked) {
    return add(3, words(asked));
  }

  CompoundCall rename() {
    return add(29, JudgedCalls.name("from").andThen(JudgedCalls.name("to")));
  }

  CompoundCall getattr() {
    return add(9, words(1, 0x10));
  }

  /** With these bits of share access: 1 to read, 2 to write. */
  CompoundCall open(int access) {
    return open(access, "file");
  }

  CompoundCall open(int access, String name) {
    return add(
        18,
        out -> {
          out.int32(1).int32(access).int32(0).int64(5).string("owner");
          out.int32(0).int32(0).string(name);
        });
  }

  /** The same, but creating nothing and with a name of no bytes. */
  CompoundCall openNothing(int access) {
    return add(
        18,
        out -> {
          out.int32(1).int32(access).int32(0).int64(5).string("owner");
          out.int32(0).int32(0).int32(0);
        });
  }

  /** Reclaims what it is at (CLAIM_PREVIOUS), to read and write. */
  CompoundCall reclaim() {
    return add(
        18,
        out -> {
          out.int32(1).int32(3).int32(0).int64(5).string("owner");
          out.int32(0).int32(1).int32(0);
        });
  }

  CompoundCall exchangeId() {
    return add(42, out -> out.int64(3).string("owner").int32(0).int32(0).int32(0));
  }

  CompoundCall exchangeId(byte[] owner, int flags) {
    return add(42, out -> out.int64(3).opaque(owner).int32(flags).int32(0).int32(0));
  }

  CompoundCall setclientid(byte[] id) {
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

  /** As many bytes from the file's beginning. */
  CompoundCall read(int count) {
    return add(25, out -> out.fixed(new byte[16]).int64(0).int32(count));
  }

  CompoundCall write(byte[] payload) {
    return add(38, out -> out.fixed(new byte[16]).int64(0).int32(2).opaque(payload));
  }

  CompoundCall reclaimComplete() {
    return add(58, words(0));
  }

  /** With bytes behind it that NFS-Ganesha reads as operations of their own. */
  CompoundCall layoutstats(byte[] update) {
    return add(
        65,
        out -> {
          out.int64(0).int64(0).fixed(new byte[16]).fixed(new byte[32]);
          out.fixed(new byte[16]).int32(1).opaque(update);
        });
  }

  /** With an array of security parameters of the back channel, of AUTH_NONE. */
  CompoundCall createSession(int securities) {
    return add(
        43,
        out -> {
          out.int64(7).int32(1).int32(0);
          for (int channel = 0; channel < 2; channel++) {
            out.int32(0).int32(1).int32(1).int32(1).int32(8).int32(8).int32(0);
          }
          out.int32(0x40000000).int32(securities);
          for (int i = 0; i < securities; i++) {
            out.int32(0);
          }
        });
  }

  CompoundCall destroySession() {
    return add(44, out -> out.fixed(new byte[16]));
  }

  /** NVERIFY of the attributes of these words of a bitmap. */
  CompoundCall nverify(byte[] values, int... bitmap) {
    return add(17, words(bitmap.length).andThen(words(bitmap)).andThen(out -> out.opaque(values)));
  }

  CompoundCall verify(byte[] values, int... bitmap) {
    return add(37, words(bitmap.length).andThen(words(bitmap)).andThen(out -> out.opaque(values)));
  }

  CompoundCall layoutreturn() {
    return add(51, words(0, 1, 3, 1).andThen(out -> out.int64(0).int64(-1).fixed(new byte[20])));
  }

  CompoundCall layouterror() {
    return add(64, out -> out.int64(0).int64(0).fixed(new byte[16]).int32(0));
  }

  /** An operation that no table has. */
  CompoundCall unknown() {
    return add(9999, words());
  }

  /** Asks for the attributes of these words of a bitmap. */
  CompoundCall getattr(int... bitmap) {
    return add(9, words(bitmap.length).andThen(words(bitmap)));
  }

  CompoundCall readdir(int... bitmap) {
    return add(
        26,
        out -> {
          out.int64(0).int64(0).int32(512).int32(4096).int32(bitmap.length);
          words(bitmap).accept(out);
        });
  }

  CompoundCall layoutget() {
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

  CompoundCall getdeviceinfo() {
    return add(47, out -> out.fixed(new byte[16]).int32(1).int32(4096).int32(0));
  }

  /** COPY from servers of these names, or within one. */
  CompoundCall copy(String... sources) {
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

  CompoundCall copyNotify(String destination) {
    return add(61, out -> out.fixed(new byte[16]).int32(1).string(destination));
  }

  private CompoundCall add(int number, Consumer<XdrWriter> arguments) {
    operations = operations.andThen(out -> out.int32(number)).andThen(arguments);
    count++;
    return this;
  }

  byte[] record() {
    return JudgedCalls.of(Wire.NFS, 4, 1, arguments());
  }

  Consumer<XdrWriter> arguments() {
    return words(0, minorVersion, count).andThen(operations);
  }
}
