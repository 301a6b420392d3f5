package org.nfsproxy.server.listen;

import org.nfsproxy.server.tls.HandshakeBounds;
import org.nfsproxy.server.tls.HandshakeCounts;
import org.nfsproxy.server.tls.ServerTls;

/** TLS towards clients, as all listeners share it. */
record TlsListening(ServerTls server, HandshakeBounds bounds, HandshakeCounts counts) {}
