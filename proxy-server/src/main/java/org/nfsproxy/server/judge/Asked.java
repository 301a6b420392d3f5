package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.text.Printable;

/** What a call asked for, in words: {@code NFSv3 LOOKUP "data"}, {@code MNT "/export"}. */
final class Asked {
  /** Of a longer name or path the beginning is told. */
  private static final int NAME_CHARS_MAX = 200;

  private Asked() {}

  static String of(Procedure procedure, ArgumentsWalk arguments, Call call, ByteBuf record) {
    String name =
        arguments.names() == 0 ? "" : quoted(record, arguments.nameAt(0), arguments.nameLength(0));
    return program(call) + procedure.name() + name;
  }

  static String of(CompoundWalk<Nfs4> walk, int operation, ByteBuf record) {
    String version = "NFSv4." + walk.minorVersion() + " ";
    if (operation >= walk.count()) {
      return version + "an operation nobody here knows";
    }
    int at = walk.nameAt(operation);
    String name = at < 0 ? "" : quoted(record, at, walk.nameLength(operation));
    return version + walk.operation(operation).name() + name;
  }

  /** A call of which nothing but its header is looked at. */
  static String of(Call call) {
    return program(call) + "procedure " + Integer.toUnsignedString(call.procedure());
  }

  private static String program(Call call) {
    String version = Integer.toUnsignedString(call.version());
    return switch (call.program()) {
      case Programs.NFS -> "NFSv" + version + " ";
      case Programs.NFS_ACL -> "NFS_ACL " + version + " ";
      case Programs.MOUNT -> "";
      default -> "program " + Integer.toUnsignedString(call.program()) + " ";
    };
  }

  static String quoted(byte[] name) {
    return " \"" + Printable.text(name, NAME_CHARS_MAX) + '"';
  }

  static String quoted(String name) {
    return " \"" + Printable.text(name, NAME_CHARS_MAX) + '"';
  }

  private static String quoted(ByteBuf record, int at, int length) {
    return quoted(ByteBufUtil.getBytes(record, at, length));
  }
}
