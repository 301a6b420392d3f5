package org.nfsproxy.server.portmap;

/** A program with a port of its own, the same for TCP and UDP. */
public record PlacedProgram(int program, int version, int port) {}
