package org.nfsproxy.server.cluster;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.exports.PeerExport;
import org.nfsproxy.server.exports.VersionedFsid;

/** How an export is written: a key for each of its names, and under each the same bytes. */
// key    ORIGIN|VERSION|MAJOR|MINOR                 numbers in hexadecimal
// value  +---------+-------------+------+-------+-------------------------------+
//        | 1: form | path length | path | names | version | major  | minor  ... |
//        | 1 byte  | 2 bytes     |      | 1     | 1       | 8      | 8          |
//        +---------+-------------+------+-------+-------------------------------+
//
// A form that is not ours is refused, so an older and a newer version do not misread each other;
// they find filesystems for themselves until all are of one version. The key has the origin as the
// configuration names it: proxies of different origins may meet in one cluster.
final class PeerExportForm implements SharedMap.Form<PeerExport> {
  static final int FORM = 1;
  private static final int FSID_BYTES = 17;
  static final int BYTES_MAX = 4 + PeerExport.PATH_BYTES_MAX + PeerExport.FSIDS_MAX * FSID_BYTES;

  private final String origin;

  PeerExportForm(String origin) {
    this.origin = origin;
  }

  String key(VersionedFsid fsid) {
    return "%s|%d|%x|%x".formatted(origin, fsid.nfsVersion(), fsid.major(), fsid.minor());
  }

  byte[] write(PeerExport told) {
    byte[] path = told.path().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(4 + path.length + told.fsids().size() * FSID_BYTES);
    out.put((byte) FORM).putShort((short) path.length).put(path).put((byte) told.fsids().size());
    for (VersionedFsid fsid : told.fsids()) {
      out.put((byte) fsid.nfsVersion()).putLong(fsid.major()).putLong(fsid.minor());
    }
    return out.array();
  }

  @Override
  public @Nullable PeerExport read(String key, byte[] value) {
    if (!key.startsWith(origin + "|")) {
      return null;
    }
    try {
      PeerExport told = read(ByteBuffer.wrap(value));
      if (told.fsids().stream().noneMatch(fsid -> key(fsid).equals(key))) {
        throw new IllegalArgumentException("its key is that of another filesystem");
      }
      return told;
    } catch (BufferUnderflowException | CharacterCodingException cut) {
      throw new IllegalArgumentException("its value is no export", cut);
    }
  }

  private static PeerExport read(ByteBuffer in) throws CharacterCodingException {
    int form = in.get();
    if (form != FORM) {
      throw new IllegalArgumentException("its form is " + form + ", expected " + FORM);
    }
    byte[] path = new byte[in.getShort() & 0xffff];
    in.get(path);
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(path)).toString();
    List<VersionedFsid> fsids = new ArrayList<>();
    for (int i = in.get() & 0xff; i > 0; i--) {
      fsids.add(new VersionedFsid(in.get(), in.getLong(), in.getLong()));
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("its value goes on behind its end");
    }
    return new PeerExport(text, fsids);
  }
}
