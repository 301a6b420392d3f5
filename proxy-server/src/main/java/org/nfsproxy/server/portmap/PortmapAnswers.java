package org.nfsproxy.server.portmap;

import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** What portmap version 2 answers: RFC 1833 section 3. */
final class PortmapAnswers {
  private static final int NOT_REGISTERED = 0;

  private PortmapAnswers() {}

  static void nothing(PortmapCall call, XdrWriter results) {}

  /** SET and UNSET: nobody registers here but the proxy itself. */
  static void refused(PortmapCall call, XdrWriter results) {
    results.bool(false);
  }

  /** A mapping (program, version, protocol, port ignored) to its port, or 0. */
  static void getPort(PortmapCall call, XdrWriter results) {
    XdrReader in = call.arguments();
    int program = in.int32();
    int version = in.int32();
    int protocol = in.int32();
    in.int32();
    int port = NOT_REGISTERED;
    for (Transport transport : Transport.values()) {
      if (transport.protocol() == protocol) {
        port =
            call.registrations()
                .findAnyVersion(program, version, transport)
                .map(Registration::port)
                .orElse(NOT_REGISTERED);
      }
    }
    results.int32(port);
  }

  /** The list of mappings, each announced by TRUE, the end by FALSE. */
  static void dump(PortmapCall call, XdrWriter results) {
    for (Registration row : call.registrations().all()) {
      results.bool(true).int32(row.program()).int32(row.version());
      results.int32(row.transport().protocol()).int32(row.port());
    }
    results.bool(false);
  }
}
