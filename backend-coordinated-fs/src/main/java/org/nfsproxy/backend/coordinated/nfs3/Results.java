package org.nfsproxy.backend.coordinated.nfs3;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.xdr.XdrWriter;

/** Writes the items that results are made of, RFC 1813 sections 2.5 and 2.6. */
final class Results {
  /** Length of {@code fattr3}. */
  static final int ATTRIBUTES_BYTES = 84;

  /** Length of a {@code post_op_attr} that is there. */
  static final int POST_OP_BYTES = 4 + ATTRIBUTES_BYTES;

  private Results() {}

  static void attributes(XdrWriter out, Attributes attributes) {
    out.int32(attributes.type().number())
        .int32(attributes.mode())
        .int32(attributes.links())
        .int32(attributes.uid())
        .int32(attributes.gid())
        .int64(attributes.size())
        .int64(attributes.used())
        .int32(attributes.device().major())
        .int32(attributes.device().minor())
        .int64(attributes.fsid())
        .int64(attributes.fileid());
    time(out, attributes.atime());
    time(out, attributes.mtime());
    time(out, attributes.ctime());
  }

  static void time(XdrWriter out, FileTime time) {
    out.int32(time.seconds()).int32(time.nanos());
  }

  /** {@code post_op_attr}. */
  static void postOp(XdrWriter out, Optional<Attributes> attributes) {
    out.bool(attributes.isPresent());
    attributes.ifPresent(present -> attributes(out, present));
  }

  /** {@code post_op_attr} of an object as it is now. */
  static void postOp(XdrWriter out, Files files, ObjectHandle object) {
    Optional<Attributes> attributes;
    try {
      attributes = Optional.of(files.attributes(object));
    } catch (FilesException gone) {
      attributes = Optional.empty();
    }
    postOp(out, attributes);
  }

  /** {@code wcc_data}. */
  static void wcc(XdrWriter out, WccData wcc) {
    out.bool(wcc.before().isPresent());
    wcc.before()
        .ifPresent(
            before -> {
              out.int64(before.size());
              time(out, before.mtime());
              time(out, before.ctime());
            });
    postOp(out, wcc.after());
  }

  /** {@code post_op_fh3} and {@code post_op_attr} of a new object. */
  static void made(XdrWriter out, FoundObject made) {
    out.bool(true).opaque(made.handle().wire());
    postOp(out, Optional.of(made.attributes()));
  }

  /** Writes items at an index where room was left for them; the writer index stays. */
  static void fill(ByteBuf buffer, int index, Runnable items) {
    int end = buffer.writerIndex();
    buffer.writerIndex(index);
    items.run();
    buffer.writerIndex(end);
  }
}
