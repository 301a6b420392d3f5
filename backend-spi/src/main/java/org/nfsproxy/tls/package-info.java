/**
 * What both ends of RPC-with-TLS (RFC 9289) share: files of certificates, and what is told of them
 * and of handshakes. Knows nothing of connections.
 */
@NullMarked
package org.nfsproxy.tls;

import org.jspecify.annotations.NullMarked;
