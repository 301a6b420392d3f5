package org.nfsproxy.server.portmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.table.Programs;

/**
 * What the portmapper knows at one moment: itself, over TCP and UDP, and the programs served: over
 * TCP only, but for those that have ports of their own.
 */
final class Registrations {
  static final int PORTMAP_LOW = 2;
  static final int PORTMAP_HIGH = 4;

  /** NFS, with the most versions in use, has three; a row that says more is cut. */
  private static final int VERSIONS_MAX = 8;

  private final List<Registration> rows = new ArrayList<>();

  /**
   * Lists what is served.
   *
   * @param portmapPort where the portmapper itself is
   * @param servedPort where they are
   */
  Registrations(int portmapPort, List<ServedProgram> served, int servedPort) {
    this(portmapPort, served, servedPort, List.of());
  }

  /** The same, with programs that have ports of their own. */
  Registrations(
      int portmapPort, List<ServedProgram> served, int servedPort, List<PlacedProgram> others) {
    for (int version = PORTMAP_HIGH; version >= PORTMAP_LOW; version--) {
      rows.add(new Registration(Programs.PORTMAP, version, Transport.TCP, portmapPort));
      rows.add(new Registration(Programs.PORTMAP, version, Transport.UDP, portmapPort));
    }
    for (ServedProgram row : served) {
      for (int version : versions(row)) {
        rows.add(new Registration(row.program(), version, Transport.TCP, servedPort));
      }
    }
    for (PlacedProgram other : others) {
      rows.add(new Registration(other.program(), other.version(), Transport.TCP, other.port()));
      rows.add(new Registration(other.program(), other.version(), Transport.UDP, other.port()));
    }
  }

  private static List<Integer> versions(ServedProgram row) {
    return IntStream.rangeClosed(row.low(), row.high()).limit(VERSIONS_MAX).boxed().toList();
  }

  /** All rows, the portmapper's own first. */
  List<Registration> all() {
    return rows;
  }

  /** The rows of one program and version, over any transport. */
  List<Registration> of(int program, int version) {
    return rows.stream()
        .filter(row -> row.program() == program && row.version() == version)
        .toList();
  }

  /** The row of one program, version and transport. */
  Optional<Registration> find(int program, int version, Transport transport) {
    return of(program, version).stream().filter(row -> row.transport() == transport).findFirst();
  }

  /**
   * The row of {@link #find} or else of another version of the program: the program itself then
   * tells the caller its versions, with PROG_MISMATCH. This is what GETPORT and GETADDR mean;
   * GETVERSADDR was added to mean the other (RFC 1833 section 2.2.2).
   */
  Optional<Registration> findAnyVersion(int program, int version, Transport transport) {
    Optional<Registration> exact = find(program, version, transport);
    return exact.isPresent()
        ? exact
        : rows.stream()
            .filter(row -> row.program() == program && row.transport() == transport)
            .findFirst();
  }
}
