package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** The questions about paths and names: LOOKUP, PUTROOTFH and MOUNT's MNT. */
final class PathQuestions {
  /** With what is around them, this many LOOKUPs are within the fewest operations servers take. */
  private static final int NAMES_AT_ONCE = 8;

  private static final byte[] DOT_DOT = {'.', '.'};

  private final Questioner origin;
  private final MountConnection mount;

  PathQuestions(Questioner origin, MountConnection mount) {
    this.origin = origin;
    this.mount = mount;
  }

  /** The object at a path; MNT's in NFSv3. */
  Future<Found> find(String path, int nfsVersion) {
    if (nfsVersion == 3) {
      return mount.ask(MountQuestions.mnt(path)).compose(this::identified);
    }
    if (nfsVersion != 4) {
      return noSuchVersion(nfsVersion);
    }
    List<byte[]> names = new ArrayList<>();
    for (String name : path.split("/")) {
      if (!name.isEmpty()) {
        names.add(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    return walk(origin, out -> out.int32(Nfs4.PUTROOTFH.number()), Nfs4.PUTROOTFH, names);
  }

  private Future<Found> identified(Filehandle handle) {
    return identified(origin, handle);
  }

  private static Future<Found> identified(Questioner origin, Filehandle handle) {
    return origin.ask(NfsQuestions.getAttr3(handle)).map(identity -> new Found(handle, identity));
  }

  static <T> Future<T> noSuchVersion(int nfsVersion) {
    String message = "no such question in NFS version " + nfsVersion;
    return Future.failedFuture(new IllegalArgumentException(message));
  }

  private static Future<Found> walk(
      Questioner origin, Consumer<XdrWriter> from, Nfs4 put, List<byte[]> names) {
    List<byte[]> now = names.subList(0, Math.min(NAMES_AT_ONCE, names.size()));
    List<byte[]> later = names.subList(now.size(), names.size());
    Future<Found> found = origin.ask(look(from, put, now));
    return later.isEmpty()
        ? found
        : found.compose(
            at -> walk(origin, out -> Compound.putFh(out, at.handle()), Nfs4.PUTFH, later));
  }

  private static Compound<Found> look(Consumer<XdrWriter> from, Nfs4 put, List<byte[]> names) {
    return new Compound<>(
        names.size() + 3,
        out -> {
          from.accept(out);
          names.forEach(name -> out.int32(Nfs4.LOOKUP.number()).opaque(name));
          out.int32(Nfs4.GETFH.number()).int32(Nfs4.GETATTR.number());
          Attributes4.ask(out, Attributes4.TYPE, Attributes4.FSID, Attributes4.FILEID);
        },
        in -> {
          Compound.expect(in, put);
          for (int i = 0; i < names.size(); i++) {
            Compound.expect(in, Nfs4.LOOKUP);
          }
          return found4(in);
        });
  }

  /** The object of a name in a directory. */
  Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    return lookUp(origin, directory, name, nfsVersion);
  }

  /** The same, asked by somebody. */
  static Future<Found> lookUp(
      Questioner origin, Filehandle directory, byte[] name, int nfsVersion) {
    return switch (nfsVersion) {
      case 3 -> lookUp3(origin, directory, name);
      case 4 -> walk(origin, out -> Compound.putFh(out, directory), Nfs4.PUTFH, List.of(name));
      default -> noSuchVersion(nfsVersion);
    };
  }

  /** A directory above, asked in one COMPOUND: on the way up a handle may be stale by itself. */
  Future<Found> above(Filehandle directory, int levels, int nfsVersion) {
    return switch (nfsVersion) {
      case 3 -> above3(directory, levels);
      case 4 -> origin.ask(above4(directory, levels));
      default -> noSuchVersion(nfsVersion);
    };
  }

  private Future<Found> above3(Filehandle directory, int levels) {
    Future<Found> up = lookUp3(origin, directory, DOT_DOT);
    return levels == 1 ? up : up.compose(at -> above3(at.handle(), levels - 1));
  }

  private static Compound<Found> above4(Filehandle directory, int levels) {
    return new Compound<>(
        levels + 3,
        out -> {
          Compound.putFh(out, directory);
          for (int i = 0; i < levels; i++) {
            out.int32(Nfs4.LOOKUPP.number());
          }
          out.int32(Nfs4.GETFH.number()).int32(Nfs4.GETATTR.number());
          Attributes4.ask(out, Attributes4.TYPE, Attributes4.FSID, Attributes4.FILEID);
        },
        in -> {
          Compound.expect(in, Nfs4.PUTFH);
          for (int i = 0; i < levels; i++) {
            Compound.expect(in, Nfs4.LOOKUPP);
          }
          return found4(in);
        });
  }

  /** Reads the results of GETFH and GETATTR. */
  static Found found4(XdrReader in) throws NfsStatusException {
    Compound.expect(in, Nfs4.GETFH);
    Filehandle handle = Filehandle.of(in.opaque(Filehandle.NFS4_BYTES_MAX));
    Compound.expect(in, Nfs4.GETATTR);
    return new Found(handle, NfsQuestions.identity4(in));
  }

  private record Maybe(Filehandle handle, @Nullable ObjectIdentity identity) {}

  // The attributes are optional in LOOKUP's results (RFC 1813 section 3.3.3).
  private static Future<Found> lookUp3(Questioner origin, Filehandle directory, byte[] name) {
    Question<Maybe> lookUp =
        new Question<>(
            Programs.NFS,
            3,
            Nfs3.LOOKUP.number(),
            out -> out.opaque(directory.bytes()).opaque(name),
            in -> {
              NfsQuestions.succeed(in);
              Filehandle handle = Filehandle.of(in.opaque(Filehandle.NFS3_BYTES_MAX));
              return new Maybe(handle, in.bool() ? NfsQuestions.identity3(in) : null);
            });
    return origin
        .ask(lookUp)
        .compose(
            found ->
                found.identity == null
                    ? identified(origin, found.handle)
                    : Future.succeededFuture(new Found(found.handle, found.identity)));
  }
}
