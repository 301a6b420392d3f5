/**
 * TLS towards clients (RFC 9289) and browsers: the files of the certificate, what is made of them,
 * how many handshakes there may be at once, and what bounds stand in front of the engine. Knows
 * nothing of what is inside.
 */
@NullMarked
package org.nfsproxy.server.tls;

import org.jspecify.annotations.NullMarked;
