package org.nfsproxy.backend.coordinated.nfs3;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure.Execution;
import org.nfsproxy.backend.coordinated.files.DirectoryEntry;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** READDIR and READDIRPLUS: RFC 1813 sections 3.3.16, 3.3.17. */
final class DirectoryProcedures {
  /** {@code post_op_attr} and the cookie verifier before the entries. */
  private static final int HEAD_BYTES = Results.POST_OP_BYTES + 8;

  /** "No further entry" and eof behind them. */
  private static final int TAIL_BYTES = 8;

  /** Room made for entries at once. Where a client asks for more, they are copied as they grow. */
  private static final int ROOM_BYTES_MAX = 32 << 10;

  /**
   * {@code entryplus3}: 24 and a name, attributes, a handle. One that does not fit is taken back.
   */
  private static final int ENTRY_BYTES_MAX = 24 + 256 + Results.POST_OP_BYTES + 8 + 64;

  private final Files files;

  DirectoryProcedures(Files files) {
    this.files = files;
  }

  Execution readdir(UserIds caller, XdrReader in) {
    ObjectHandle directory = Arguments.handle(in);
    long cookie = in.int64();
    long verifier = in.int64();
    int bytesMax = bytesMax(in);
    return listing(
        directory,
        bytesMax,
        (out, head) ->
            files.list(
                caller, directory, cookie, verifier, false, new Entries(out, head, bytesMax)));
  }

  /** {@code dircount} bounds names, fileids and cookies; {@code maxcount} bounds everything. */
  Execution readdirplus(UserIds caller, XdrReader in) {
    ObjectHandle directory = Arguments.handle(in);
    long cookie = in.int64();
    long verifier = in.int64();
    int namesBytesMax = bytesMax(in);
    int bytesMax = bytesMax(in);
    return listing(
        directory,
        bytesMax,
        (out, head) ->
            files.list(
                caller,
                directory,
                cookie,
                verifier,
                true,
                new EntriesPlus(new Entries(out, head, bytesMax), namesBytesMax)));
  }

  private static int bytesMax(XdrReader in) {
    return (int) Math.min(in.uint32(), Nfs3Program.TRANSFER_BYTES_MAX);
  }

  @FunctionalInterface
  private interface Lister {
    DirectoryEntry.Listing list(XdrWriter out, int head) throws FilesException;
  }

  // Entries are written behind room left for the head, which is known only after them.
  private Execution listing(ObjectHandle directory, int bytesMax, Lister lister) {
    return ResultShapes.of(
            out -> {
              ByteBuf reply = out.buffer();
              int head = reply.writerIndex();
              reply.ensureWritable(HEAD_BYTES).writerIndex(head + HEAD_BYTES);
              DirectoryEntry.Listing listing = lister.list(out, head);
              if (reply.writerIndex() == head + HEAD_BYTES && !listing.end()) {
                throw new FilesException(Nfs3Status.NFS3ERR_TOOSMALL);
              }
              out.bool(false).bool(listing.end());
              Results.fill(
                  reply,
                  head,
                  () -> {
                    Results.postOp(out, Optional.of(listing.directory()));
                    out.int64(listing.verifier());
                  });
            },
            out -> Results.postOp(out, files, directory))
        .withRoom(ResultShapes.STATUS_BYTES + Math.min(bytesMax, ROOM_BYTES_MAX) + ENTRY_BYTES_MAX);
  }

  /** {@code entry3}, as long as they fit. */
  private record Entries(XdrWriter out, int head, int bytesMax) implements DirectoryEntry.Sink {
    @Override
    public boolean offer(DirectoryEntry entry) {
      int begin = out.buffer().writerIndex();
      write(entry);
      return keepIfFits(begin);
    }

    void write(DirectoryEntry entry) {
      out.bool(true).int64(entry.fileid()).opaque(entry.name()).int64(entry.cookie());
    }

    boolean keepIfFits(int begin) {
      boolean fits = out.buffer().writerIndex() - head + TAIL_BYTES <= bytesMax;
      if (!fits) {
        out.buffer().writerIndex(begin);
      }
      return fits;
    }
  }

  /** {@code entryplus3}, as long as they fit; the first one whatever the bound on names says. */
  private static final class EntriesPlus implements DirectoryEntry.Sink {
    private final Entries entries;
    private final int namesBytesMax;
    private int namesBytes;

    EntriesPlus(Entries entries, int namesBytesMax) {
      this.entries = entries;
      this.namesBytesMax = namesBytesMax;
    }

    @Override
    public boolean offer(DirectoryEntry entry) {
      XdrWriter out = entries.out();
      int begin = out.buffer().writerIndex();
      entries.write(entry);
      int nameBytes = out.buffer().writerIndex() - begin;
      if (namesBytes > 0 && namesBytes + nameBytes > namesBytesMax) {
        out.buffer().writerIndex(begin);
        return false;
      }
      namesBytes += nameBytes;
      Results.postOp(out, entry.object().map(FoundObject::attributes));
      out.bool(entry.object().isPresent());
      entry.object().ifPresent(found -> out.opaque(found.handle().wire()));
      return entries.keepIfFits(begin);
    }
  }
}
