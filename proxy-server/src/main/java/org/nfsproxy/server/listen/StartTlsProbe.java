package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.RecordMarking;

/**
 * The call that asks for TLS, RFC 9289 section 4.1: NULL of a program that is served, with a
 * credential of the flavor AUTH_TLS, which is empty, and the verifier AUTH_NONE. In one fragment.
 *
 * @param programs those that are served now
 */
// Compared word by word, so that a part of it can be told from something else. Whatever differs, in
// several fragments for example, goes to the judge, who denies it.
record StartTlsProbe(Supplier<List<ServedProgram>> programs) {
  private static final int XID = 1;
  private static final int PROGRAM = 4;
  private static final int VERSION = 5;
  private static final int ANY = 0;

  /** The words; those that may be anything are {@link #ANY}. */
  private static final int[] WORDS = {
    RecordMarking.lastFragment(40), // marker
    ANY, // xid
    0, // CALL
    2, // RPC version
    ANY, // program
    ANY, // version
    0, // NULL
    AuthFlavor.AUTH_TLS,
    0, // length of the credential
    AuthFlavor.AUTH_NONE,
    0, // length of the verifier
  };

  /** How long it is, with its marker. */
  static final int BYTES = 4 * WORDS.length;

  /** Whether the bytes are one, or its beginning, as far as they go. */
  boolean mayBegin(ByteBuf bytes) {
    return isOneSoFar(bytes)
        && (bytes.readableBytes() < BYTES || serves(word(bytes, PROGRAM), word(bytes, VERSION)));
  }

  /**
   * The versions of its program that are served, where the bytes are one alone, and of another.
   *
   * @return null if they are something else
   */
  @Nullable ServedProgram others(ByteBuf bytes) {
    if (bytes.readableBytes() != BYTES || !isOneSoFar(bytes)) {
      return null;
    }
    int program = word(bytes, PROGRAM);
    List<ServedProgram> rows =
        programs.get().stream().filter(row -> row.program() == program).toList();
    return rows.isEmpty() || serves(program, word(bytes, VERSION))
        ? null
        : new ServedProgram(
            program,
            rows.stream().mapToInt(ServedProgram::low).min().orElseThrow(),
            rows.stream().mapToInt(ServedProgram::high).max().orElseThrow());
  }

  private static int word(ByteBuf probe, int index) {
    return probe.getInt(probe.readerIndex() + 4 * index);
  }

  private static boolean isOneSoFar(ByteBuf bytes) {
    int from = bytes.readerIndex();
    int count = Math.min(BYTES, bytes.readableBytes());
    for (int i = 0; i < count; i++) {
      int word = i / 4;
      boolean isAny = word == XID || word == PROGRAM || word == VERSION;
      if (!isAny && bytes.getByte(from + i) != (byte) (WORDS[word] >>> 24 - 8 * (i % 4))) {
        return false;
      }
    }
    return true;
  }

  private boolean serves(int program, int version) {
    return programs.get().stream()
        .anyMatch(row -> row.program() == program && row.low() <= version && version <= row.high());
  }

  /** Of a whole one, which has not been read. */
  static int xid(ByteBuf probe) {
    return word(probe, XID);
  }
}
