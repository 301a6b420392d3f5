package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.edit.VersionedRead;
import org.nfsproxy.nfs.edit.VersionedReadReply;
import org.nfsproxy.nfs.walk.AttributeWalk;

/** The reply to a COMPOUND with READ, behind which the proxy has put a GETATTR. */
final class ReadReply4 extends ReadReply {
  private final VersionedReadReply reply = new VersionedReadReply();
  private final AttributeWalk attributes = new AttributeWalk();

  @Override
  void read(ByteBuf record, @Nullable VersionedRead call) {
    version = null;
    reply.read(record, Objects.requireNonNull(call));
    isOfAnother = reply.hasResults() && !reply.isOfThisCall();
    status = reply.status();
    dataAt = reply.dataAt();
    dataLength = reply.dataLength();
    int at = reply.versionAt();
    if (at >= 0 && attributes.walk(record, at, record.writerIndex()) == AttributeWalk.Form.WHOLE) {
      version = FileVersion.ofNfs4(record, attributes);
    }
  }

  @Override
  void strip(ByteBuf record) {
    reply.strip(record);
  }

  @Override
  void count(ByteBuf head, int dataAt, int count) {}
}
