package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import org.nfsproxy.backend.DirectoryPage;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.OwnRead;
import org.nfsproxy.backend.ReadOrigin;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.edit.VersionedRead;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.CallCredential;

/** Reads files, and what leads to them, on a connection of its own. */
// A connection beside the one for questions: calls of clients may wait for an answer there, and a
// megabyte in front of it would make them late. Opened with the first READ.
public final class FileReads implements ReadOrigin {
  private static final byte[] ANONYMOUS = new byte[16];
  private static final int FATTR3_BYTES = 84;

  private final Questioner origin;

  /**
   * Opens nothing yet.
   *
   * @param vertx the runtime
   * @param connector makes connections
   * @param server where NFS is served
   * @param credential whose session it is, where NFSv4 needs one
   */
  public FileReads(
      Vertx vertx, Connector connector, SocketAddress server, CallCredential credential) {
    QuestionConnection.Bounds bounds = QuestionConnection.Bounds.READS;
    QuestionConnection connection =
        new QuestionConnection(vertx, connector, server, credential, bounds);
    OwnSession session =
        new OwnSession(vertx, connection, bounds.questionMillis(), OwnSession.Room.READS);
    this.origin = new Questioner(connection, session);
  }

  @Override
  public Future<OwnRead> read(
      Filehandle file, int nfsVersion, CallCredential as, long offset, int count) {
    if (count < 1 || count > READ_BYTES_MAX) {
      return Future.failedFuture(new IllegalArgumentException("a READ of " + count + " bytes"));
    }
    Questioner asked = origin.as(as);
    return switch (nfsVersion) {
      case 3 -> asked.ask(read3(file, offset, count));
      case 4 -> asked.ask(read4(file, offset, count));
      default -> PathQuestions.noSuchVersion(nfsVersion);
    };
  }

  // What the origin sends beyond what was asked for is garbage.
  private static Question<OwnRead> read3(Filehandle file, long offset, int count) {
    return new Question<>(
        Programs.NFS,
        3,
        Nfs3.READ.number(),
        out -> out.opaque(file.bytes()).int64(offset).int32(count),
        in -> {
          NfsQuestions.succeed(in);
          int attributesAt = -1;
          if (in.bool()) {
            attributesAt = in.position();
            in.skip(FATTR3_BYTES);
          }
          in.int32(); // the count, which stands before the data again
          boolean isEnd = in.bool();
          int dataAt = in.position() + 4;
          int length = in.skipOpaque(count);
          return new OwnRead(in.buffer(), dataAt, length, isEnd, attributesAt);
        });
  }

  private static Compound<OwnRead> read4(Filehandle file, long offset, int count) {
    return new Compound<>(
        3,
        out -> {
          Compound.putFh(out, file).int32(Nfs4.READ.number()).fixed(ANONYMOUS);
          out.int64(offset).int32(count).fixed(VersionedRead.getattr());
        },
        in -> {
          Compound.expect(in, Nfs4.PUTFH);
          Compound.expect(in, Nfs4.READ);
          boolean isEnd = in.bool();
          int dataAt = in.position() + 4;
          int length = in.skipOpaque(count);
          Compound.expect(in, Nfs4.GETATTR);
          return new OwnRead(in.buffer(), dataAt, length, isEnd, in.position());
        });
  }

  @Override
  public Future<Found> lookUp(
      Filehandle directory, byte[] name, int nfsVersion, CallCredential as) {
    return PathQuestions.lookUp(origin.as(as), directory, name, nfsVersion);
  }

  @Override
  public Future<DirectoryPage> list(
      Filehandle directory, int nfsVersion, CallCredential as, DirectoryPage behind) {
    Questioner asked = origin.as(as);
    Future<DirectoryPage> page =
        switch (nfsVersion) {
          case 3 -> asked.ask(DirectoryQuestions.page3(directory, behind));
          case 4 -> asked.ask(DirectoryQuestions.page4(directory, behind));
          default -> PathQuestions.noSuchVersion(nfsVersion);
        };
    return page.map(FileReads::withoutDots);
  }

  private static DirectoryPage withoutDots(DirectoryPage page) {
    List<DirectoryPage.Entry> entries =
        page.entries().stream().filter(entry -> !entry.isDots()).toList();
    boolean isLast = page.isLast() || page.entries().isEmpty();
    return new DirectoryPage(entries, page.cookie(), page.verifier(), isLast);
  }

  /**
   * Ends the connection; READs in flight fail.
   *
   * @return completes when it is closed
   */
  public Future<Void> close() {
    return origin.close();
  }
}
