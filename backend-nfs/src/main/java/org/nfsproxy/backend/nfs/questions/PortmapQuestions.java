package org.nfsproxy.backend.nfs.questions;

import org.nfsproxy.nfs.table.Portmap2;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.table.Rpcbind4;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/** The question where a program is, RFC 1833. An answer of 0 means: not registered. */
final class PortmapQuestions {
  static final int PORT = 111;

  private static final int TCP = 6;
  private static final int PORT_MAX = 65535;
  private static final int ADDRESS_BYTES_MAX = 256;

  private PortmapQuestions() {}

  /** Portmap version 2, which every server has that is reached over IPv4. */
  static Question<Integer> getPort(int program, int version) {
    return new Question<>(
        Programs.PORTMAP,
        2,
        Portmap2.GETPORT.number(),
        out -> out.int32(program).int32(version).int32(TCP).int32(0),
        in -> in.count(PORT_MAX));
  }

  /** Rpcbind version 4; over IPv6 the Linux rpcbind has no version 2. */
  static Question<Integer> getAddr(int program, int version) {
    return new Question<>(
        Programs.PORTMAP,
        4,
        Rpcbind4.GETADDR.number(),
        out -> out.int32(program).int32(version).string("tcp6").string("").string(""),
        PortmapQuestions::portOfAddress);
  }

  /** The last two numbers of a universal address, {@code ::1.8.1}: RFC 5665 section 5.2.3. */
  private static int portOfAddress(XdrReader in) {
    String address = in.string(ADDRESS_BYTES_MAX);
    if (address.isEmpty()) {
      return 0;
    }
    String[] parts = address.split("\\.", -1);
    if (parts.length < 3) {
      throw new XdrException("universal address \"" + address + "\"");
    }
    return octet(address, parts[parts.length - 2]) << 8 | octet(address, parts[parts.length - 1]);
  }

  private static int octet(String address, String part) {
    try {
      int value = Integer.parseInt(part);
      if (value >= 0 && value <= 255) {
        return value;
      }
    } catch (NumberFormatException noNumber) {
      // told below
    }
    throw new XdrException("universal address \"" + address + "\"");
  }
}
