package org.nfsproxy.server.portmap;

/**
 * A program version and where it is served.
 *
 * @param port TCP or UDP port
 */
record Registration(int program, int version, Transport transport, int port) {}
