package org.nfsproxy.server.portmap;

/**
 * A program version and where it is served.
 *
 * @param program its number
 * @param version the version
 * @param transport how it is reached
 * @param port TCP or UDP port
 */
record Registration(int program, int version, Transport transport, int port) {}
