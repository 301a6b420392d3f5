package org.nfsproxy.server.portmap;

/**
 * A program with a port of its own, the same for TCP and UDP.
 *
 * @param program its number
 * @param version its version
 * @param port the port
 */
public record PlacedProgram(int program, int version, int port) {}
