package org.nfsproxy.server.portmap;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** What rpcbind versions 3 and 4 answer: RFC 1833 section 2. */
// One address is told: the advertised one or the one that was reached. Its family decides which
// netids exist, so "tcp6" is served to whoever came over IPv6, and "tcp" to whoever came over IPv4.
final class RpcbindAnswers {
  /** Netids are a few letters; an address of IPv6 with its port has up to 47. */
  private static final int TEXT_BYTES_MAX = 256;

  private static final String NOT_REGISTERED = "";
  private static final String OWNER = "nfs-proxy";

  private RpcbindAnswers() {}

  /** One rpcb structure: r_prog, r_vers, r_netid; r_addr and r_owner are ignored. */
  private record Wanted(int program, int version, String netid) {
    static Wanted read(XdrReader in) {
      int program = in.int32();
      int version = in.int32();
      String netid = in.string(TEXT_BYTES_MAX);
      in.skipOpaque(TEXT_BYTES_MAX);
      in.skipOpaque(TEXT_BYTES_MAX);
      return new Wanted(program, version, netid);
    }

    /** The transport that is meant, if it is one of ours; unnamed: how the call came. */
    Optional<Transport> transport(Transport ofCall, InetAddress address) {
      if (netid.isEmpty()) {
        return Optional.of(ofCall);
      }
      return Arrays.stream(Transport.values())
          .filter(transport -> transport.netid(address).equals(netid))
          .findFirst();
    }
  }

  private interface Look {
    Optional<Registration> find(int program, int version, Transport transport);
  }

  /** A program's universal address, for this or any other of its versions, or the empty string. */
  static void getAddr(PortmapCall call, XdrWriter results) {
    results.string(address(call, call.registrations()::findAnyVersion));
  }

  /** The same for exactly this version. */
  static void getVersAddr(PortmapCall call, XdrWriter results) {
    results.string(address(call, call.registrations()::find));
  }

  private static String address(PortmapCall call, Look look) {
    Wanted wanted = Wanted.read(call.arguments());
    InetAddress address = call.address().get().orElse(null);
    if (address == null) {
      return NOT_REGISTERED;
    }
    return wanted
        .transport(call.transport(), address)
        .flatMap(transport -> look.find(wanted.program(), wanted.version(), transport))
        .map(row -> UniversalAddress.of(address, row.port()))
        .orElse(NOT_REGISTERED);
  }

  /** The list of rpcb structures, each announced by TRUE, the end by FALSE. */
  static void dump(PortmapCall call, XdrWriter results) {
    Optional<InetAddress> known = call.address().get();
    if (known.isPresent()) {
      InetAddress address = known.get();
      for (Registration row : call.registrations().all()) {
        results.bool(true).int32(row.program()).int32(row.version());
        results.string(row.transport().netid(address));
        results.string(UniversalAddress.of(address, row.port()));
        results.string(OWNER);
      }
    }
    results.bool(false);
  }

  /** The list of rpcb_entry structures of one program and version, over all transports. */
  static void getAddrList(PortmapCall call, XdrWriter results) {
    Wanted wanted = Wanted.read(call.arguments());
    Optional<InetAddress> known = call.address().get();
    if (known.isPresent()) {
      InetAddress address = known.get();
      for (Registration row : call.registrations().of(wanted.program(), wanted.version())) {
        Transport transport = row.transport();
        results.bool(true).string(UniversalAddress.of(address, row.port()));
        results.string(transport.netid(address)).int32(transport.semantics());
        results.string(Transport.family(address)).string(transport.protocolName());
      }
    }
    results.bool(false);
  }

  /** Seconds since 1970, unsigned. */
  static void getTime(PortmapCall call, XdrWriter results) {
    results.int32((int) (System.currentTimeMillis() / 1000));
  }
}
