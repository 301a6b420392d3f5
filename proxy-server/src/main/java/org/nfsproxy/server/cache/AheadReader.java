package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RecordMarking;

/** A reader whose READ is on its way, and what may be read for him once it has been answered OK. */
final class AheadReader {
  /** See {@link Source.Wanted}. */
  final Object asker;

  final CachedFile file;
  final long from;
  final long to;
  private final ReadAhead ahead;
  private volatile @Nullable CallCredential as;

  /**
   * For a READ.
   *
   * @param from behind its last byte
   * @param to up to where he may be read for
   */
  AheadReader(ReadAhead ahead, Object asker, CachedFile file, long from, long to) {
    this.ahead = ahead;
    this.asker = asker;
    this.file = file;
    this.from = from;
    this.to = to;
  }

  /** Is told the call as it goes to the origin: whose it is there. Nothing is read for others. */
  void leaves(ByteBuf record) {
    Call call = new Call();
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    if (call.read(record, from, record.writerIndex()) == Call.Form.CALL
        && call.flavor() == AuthFlavor.AUTH_SYS) {
      byte[] body = new byte[call.credentialLength()];
      record.getBytes(call.credentialAt(), body);
      as = CallCredential.of(AuthFlavor.AUTH_SYS, body);
    }
  }

  /** Is told that the origin has answered it OK, and told this version. */
  void wasAllowed() {
    CallCredential reader = as;
    if (reader != null) {
      ahead.begin(this, reader);
    }
  }
}
