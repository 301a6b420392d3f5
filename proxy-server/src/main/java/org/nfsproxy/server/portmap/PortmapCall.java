package org.nfsproxy.server.portmap;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.nfsproxy.xdr.XdrReader;

/**
 * A call, as the procedures see it.
 *
 * @param arguments at the first argument
 * @param address the address that answers name; empty if nobody can tell. Looked up when asked for
 */
record PortmapCall(
    XdrReader arguments,
    Registrations registrations,
    Transport transport,
    Supplier<Optional<InetAddress>> address) {}
