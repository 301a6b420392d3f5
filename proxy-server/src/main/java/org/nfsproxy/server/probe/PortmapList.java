package org.nfsproxy.server.probe;

import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.nfs.table.Portmap2;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.table.Rpcbind4;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/** Reads the portmapper's list (DUMP), RFC 1833: version 2, or 4 where there is no 2, over IPv6. */
final class PortmapList {
  /** A Linux machine registers some forty. */
  private static final int ROWS_MAX = 1024;

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int TEXT_BYTES_MAX = 256;

  private PortmapList() {}

  /**
   * Asks.
   *
   * @param portmapper where
   * @return a row for each program about files, transport and port
   * @throws NoAnswerException if there is no list
   */
  static List<ProgramRow> ask(ProbeConnection portmapper) throws NoAnswerException {
    try {
      return dump(portmapper, 2, Portmap2.DUMP.number(), PortmapList::readMappings);
    } catch (NoAnswerException none) {
      if (none.kind() != NoAnswerException.Kind.DENIED) {
        throw none;
      }
      return dump(portmapper, 4, Rpcbind4.DUMP.number(), PortmapList::readAddresses);
    }
  }

  private static List<ProgramRow> dump(
      ProbeConnection portmapper, int version, int procedure, Reading<List<ProgramRow>> reading)
      throws NoAnswerException {
    return portmapper.ask(
        Programs.PORTMAP, version, procedure, CallCredential.NONE, out -> {}, reading);
  }

  private static List<ProgramRow> readMappings(XdrReader in) {
    List<ProgramRow> rows = new ArrayList<>();
    for (int row = 0; in.bool(); row++) {
      int program = in.int32();
      int version = in.int32();
      int protocol = in.int32();
      long port = in.uint32();
      String transport = protocol == TCP ? "tcp" : protocol == UDP ? "udp" : "";
      add(rows, program, version, transport, port, row);
    }
    return rows;
  }

  private static List<ProgramRow> readAddresses(XdrReader in) {
    List<ProgramRow> rows = new ArrayList<>();
    for (int row = 0; in.bool(); row++) {
      int program = in.int32();
      int version = in.int32();
      String netid = in.string(TEXT_BYTES_MAX);
      String address = in.string(TEXT_BYTES_MAX);
      in.skipOpaque(TEXT_BYTES_MAX);
      String transport = netid.matches("(tcp|udp)6?") ? netid : "";
      add(rows, program, version, transport, portOf(address), row);
    }
    return rows;
  }

  /** The last two numbers of a universal address, RFC 5665 section 5.2.3; 0 if they are none. */
  private static int portOf(String address) {
    String[] parts = address.split("\\.");
    if (parts.length < 3
        || !parts[parts.length - 2].matches("[0-9]{1,3}")
        || !parts[parts.length - 1].matches("[0-9]{1,3}")) {
      return 0;
    }
    return Integer.parseInt(parts[parts.length - 2]) << 8
        | Integer.parseInt(parts[parts.length - 1]);
  }

  private static void add(
      List<ProgramRow> rows, int program, int version, String transport, long port, int row) {
    if (row >= ROWS_MAX) {
      throw new XdrException("more than " + ROWS_MAX + " programs");
    }
    if (transport.isEmpty() || port < 1 || port > 65535 || !ProgramName.isKnown(program)) {
      return;
    }
    for (ProgramRow each : rows) {
      if (each.program == program && each.port == port && each.transport.equals(transport)) {
        each.versions.add(version);
        return;
      }
    }
    ProgramRow added = new ProgramRow(program, transport, (int) port, true);
    added.versions.add(version);
    rows.add(added);
  }
}
