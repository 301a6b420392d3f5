package org.nfsproxy.server.probe;

import java.util.Set;
import java.util.TreeSet;

/** A program that the origin serves at a port. */
final class ProgramRow {
  final int program;
  final String transport;
  final int port;

  /** Whether the portmapper said so; else it was asked directly. */
  final boolean isRegistered;

  final Set<Integer> versions = new TreeSet<>(Integer::compareUnsigned);

  ProgramRow(int program, String transport, int port, boolean isRegistered) {
    this.program = program;
    this.transport = transport;
    this.port = port;
    this.isRegistered = isRegistered;
  }

  boolean isTcp() {
    return transport.startsWith("tcp");
  }
}
