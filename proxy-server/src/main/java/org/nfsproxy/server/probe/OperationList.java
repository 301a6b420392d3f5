package org.nfsproxy.server.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.xdr.XdrWriter;

/** The operations of a COMPOUND that is to be sent, RFC 7530 section 16. */
final class OperationList {
  private final List<Consumer<XdrWriter>> operations = new ArrayList<>();

  OperationList add(Nfs4 operation) {
    return add(operation, out -> {});
  }

  OperationList add(Nfs4 operation, Consumer<XdrWriter> arguments) {
    operations.add(out -> arguments.accept(out.int32(operation.number())));
    return this;
  }

  OperationList putFh(Filehandle handle) {
    return add(Nfs4.PUTFH, out -> out.opaque(handle.bytes()));
  }

  OperationList lookUp(List<byte[]> names) {
    names.forEach(name -> add(Nfs4.LOOKUP, out -> out.opaque(name)));
    return this;
  }

  OperationList getAttr(Attribute4... attributes) {
    return add(Nfs4.GETATTR, out -> bitmap(out, attributes));
  }

  /** Writes the bitmap that asks for attributes. */
  static void bitmap(XdrWriter out, Attribute4... attributes) {
    int[] words = new int[3];
    for (Attribute4 each : attributes) {
      words[each.number() / 32] |= 1 << each.number() % 32;
    }
    out.int32(words.length).int32(words[0]).int32(words[1]).int32(words[2]);
  }

  int size() {
    return operations.size();
  }

  void write(XdrWriter out) {
    operations.forEach(each -> each.accept(out));
  }
}
