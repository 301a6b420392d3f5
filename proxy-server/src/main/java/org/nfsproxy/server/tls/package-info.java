/**
 * TLS towards clients (RFC 9289): the files of the certificate, what is made of them, and how many
 * handshakes there may be at once. Knows nothing of connections.
 */
@NullMarked
package org.nfsproxy.server.tls;

import org.jspecify.annotations.NullMarked;
